// Makes prebuilds/<platform>-<arch>/ for this platform, with oneDNN inside: whoever gets it needs neither a compiler nor oneDNN.
// node scripts/prebuild.mjs SOURCE: a folder that holds the sources of oneDNN 3 (a release archive, or Debian's `apt-get source onednn`).
// Needs CMake and a C++ compiler; takes about half an hour on one core. Linux only so far. What it leaves in SOURCE/build-lad is used again.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "prebuilds", `${process.platform}-${process.arch}`);

/** Only what the kernels here use, and no graph API: a fifth of the size. */
const cmakeOptions = {
  CMAKE_BUILD_TYPE: "Release",
  CMAKE_POSITION_INDEPENDENT_CODE: "ON",
  ONEDNN_LIBRARY_TYPE: "STATIC",
  ONEDNN_CPU_RUNTIME: "OMP",
  ONEDNN_BUILD_GRAPH: "OFF",
  ONEDNN_BUILD_TESTS: "OFF",
  ONEDNN_BUILD_EXAMPLES: "OFF",
  ONEDNN_ENABLE_PRIMITIVE: "CONVOLUTION;MATMUL;REORDER",
  ONEDNN_ENABLE_JIT_PROFILING: "OFF",
  ONEDNN_ENABLE_ITT_TASKS: "OFF",
  ONEDNN_ARCH_OPT_FLAGS: "", // baseline code; the library chooses its kernels at run time
};

function run(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit", env });
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(" ")} failed: ${error ? error.message : `exit code ${status}`}`);
}

function output(program, args) {
  return spawnSync(program, args, { encoding: "utf8" }).stdout.trim();
}

function buildOneDnn(source) {
  const build = join(source, "build-lad");
  const prefix = join(build, "installed");
  const definitions = Object.entries(cmakeOptions).map(([name, value]) => `-D${name}=${value}`);
  run("cmake", [
    "-S",
    source,
    "-B",
    build,
    `-DCMAKE_INSTALL_PREFIX=${prefix}`,
    "-DCMAKE_INSTALL_LIBDIR=lib",
    ...definitions,
  ]);
  run("cmake", ["--build", build, "--parallel", String(availableParallelism())]);
  run("cmake", ["--install", build]);
  return prefix;
}

/** OpenMP's runtime is not in every system that has Node, and cannot be linked statically: it travels beside the add-on, which looks there first. */
function copyOpenMp() {
  const path = output(process.env.CXX ?? "g++", ["-print-file-name=libgomp.so.1"]);
  if (!existsSync(path)) throw new Error(`libgomp.so.1 is not where the compiler says: ${path}`);
  copyFileSync(path, join(target, "libgomp.so.1"));
}

function main([source]) {
  if (process.platform !== "linux") throw new Error(`prebuilds are made on Linux only, this is ${process.platform}`);
  if (!source || !existsSync(join(source, "include", "oneapi", "dnnl", "dnnl.hpp")))
    throw new Error(
      `usage: node scripts/prebuild.mjs SOURCE; ${source ?? "nothing"} is no folder with oneDNN's sources`,
    );
  const prefix = buildOneDnn(resolve(source));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const addon = join(target, "lad-native.node");
  run(process.execPath, [join(root, "scripts", "build.mjs"), "--static", "--out", addon], {
    ...process.env,
    LAD_ONEDNN: prefix,
  });
  copyOpenMp();
  const size = (file) => `${relative(root, file)}: ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`;
  console.log([addon, join(target, "libgomp.so.1")].map(size).join("\n"));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`prebuild: ${error.message}\n`);
  process.exitCode = 1;
}
