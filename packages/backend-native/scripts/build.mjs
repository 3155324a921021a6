// Builds the add-on: build/lad-native.node out of src/native. Needs a C++17 compiler and oneDNN 2.6 or newer; nothing is downloaded.
// node scripts/build.mjs [--optional: exit code 0 also when something is missing] [--quiet: silent when there is nothing to do]
//   [--static: oneDNN (a libdnnl.a) and C++'s runtime become part of it] [--out FILE: the add-on's name; its objects lie beside it until it is linked]
//   [--sanitize: with AddressSanitizer, for test/fuzz]
// CXX names the compiler, LAD_ONEDNN a folder that holds oneDNN's include/ and lib/.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = join(root, "src", "native");
const { values: options } = parseArgs({
  options: {
    optional: { type: "boolean" },
    quiet: { type: "boolean" },
    static: { type: "boolean" },
    sanitize: { type: "boolean" },
    out: { type: "string", default: join(root, "build", "lad-native.node") },
  },
});
const addon = resolve(options.out);
const target = options.static ? `${addon}.objects` : dirname(addon);
const mac = process.platform === "darwin";
const x86 = process.arch === "x64";
const sanitizer = ["-fsanitize=address"];

/** Something that the build needs is not there. Exit code 1. */
class Missing extends Error {}

/** Everything is there, and a compiler or linker ends with an error. Exit code 2. */
class Failed extends Error {}

function nodeHeaders() {
  const version = process.versions.node;
  const prefix = dirname(dirname(process.execPath));
  const caches = [join(homedir(), ".cache"), join(homedir(), "Library", "Caches")];
  const candidates = [
    join(prefix, "include", "node"),
    ...caches.map((cache) => join(cache, "node-gyp", version, "include", "node")),
    "/usr/include/node",
    "/usr/include/nodejs/src",
  ];
  const found = candidates.find((folder) => existsSync(join(folder, "node_api.h")));
  if (!found) throw new Missing(`the headers of Node ${version} (looked in ${candidates.join(", ")})`);
  return found;
}

function oneDnn() {
  const { LAD_ONEDNN, CONDA_PREFIX } = process.env;
  const prefixes = [LAD_ONEDNN, CONDA_PREFIX, "/opt/homebrew", "/usr/local", "/usr"].filter(Boolean);
  const prefix = prefixes.find((folder) => existsSync(join(folder, "include", "oneapi", "dnnl", "dnnl.hpp")));
  if (!prefix)
    throw new Missing(
      "oneDNN (Debian, Ubuntu: apt-get install libdnnl-dev; macOS: brew install onednn; conda install onednn-devel; or LAD_ONEDNN)",
    );
  const plain = prefix === "/usr";
  const lib = join(prefix, "lib");
  if (options.static) {
    const archive = join(lib, "libdnnl.a");
    if (!existsSync(archive)) throw new Missing(`oneDNN as a static library (${archive})`);
    const whole = [
      "-static-libstdc++",
      "-static-libgcc",
      "-Wl,--exclude-libs,ALL",
      "-Wl,-rpath,$ORIGIN",
      "-s",
      "-ldl",
      "-lpthread",
    ];
    return { include: [`-I${join(prefix, "include")}`], link: [archive, ...whole] };
  }
  return {
    include: plain ? [] : [`-I${join(prefix, "include")}`],
    link: plain ? ["-ldnnl"] : [`-L${lib}`, `-Wl,-rpath,${lib}`, "-ldnnl"],
  };
}

function compiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : mac ? ["clang++", "g++"] : ["g++", "c++", "clang++"];
  const found = candidates.find((program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0);
  if (!found) throw new Missing(`a C++ compiler (${candidates.join(", ")}; Debian, Ubuntu: apt-get install g++)`);
  return found;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

/** What is compiled: every source once, the loops once per instruction set. */
function units(files, flags) {
  const isas = {
    baseline: [],
    ...(x86 && {
      avx2: ["-mavx2", "-mfma"],
      avx512: ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mfma", "-mprefer-vector-width=512"],
    }),
  };
  const onePer = (file) =>
    file.endsWith("loops.cc")
      ? Object.entries(isas).map(([isa, extra]) => ({
          suffix: `-${isa}`,
          flags: [...flags, ...extra, `-DLAD_ISA=${isa}`],
        }))
      : [{ suffix: "", flags }];
  return files
    .filter((file) => file.endsWith(".cc") && !/-(test|benchmark)\.cc$/.test(file))
    .flatMap((file) =>
      onePer(file).map(({ suffix, flags: own }) => {
        const name = relative(sources, file).replace(/[\\/]/g, "-").replace(/\.cc$/, `${suffix}.o`);
        return { file, object: join(target, name), flags: own };
      }),
    );
}

function run(program, args, what) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status === 0) return;
  const reason = error ? error.message : stderr.trim();
  throw new Failed(`${what} failed: ${program} ${args.join(" ")}\n${reason}`);
}

function newest(files) {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** @returns whether anything was to be done */
function build() {
  const [headers, library, program] = [nodeHeaders(), oneDnn(), compiler()];
  const files = filesBelow(sources);
  const winograd = files.some((file) => file.endsWith(join("winograd", "winograd.cc")));
  const defines = [...(x86 ? ["-DLAD_X86=1"] : []), ...(winograd ? ["-DLAD_WINOGRAD=1"] : [])];
  const openmp = mac ? ["-Xpreprocessor", "-fopenmp"] : ["-fopenmp"];
  const flags = [
    "-std=gnu++17",
    "-O3",
    "-fPIC",
    "-fvisibility=hidden",
    "-fno-math-errno",
    "-fno-trapping-math",
    ...openmp,
    ...defines,
  ];
  if (options.sanitize) flags.push(...sanitizer, "-g", "-fno-omit-frame-pointer");
  const includes = [`-I${headers}`, ...library.include];
  const all = units(files, [...flags, ...includes]);
  const commands = JSON.stringify([program, all.map((unit) => [unit.object, unit.flags]), library.link]);
  const stamp = join(target, "commands.stamp");
  const known = existsSync(stamp) && readFileSync(stamp, "utf8") === commands;
  const headersAt = newest(files.filter((file) => !file.endsWith(".cc")));
  const current = (output, inputs) =>
    known && existsSync(output) && statSync(output).mtimeMs > Math.max(headersAt, newest(inputs));
  const stale = all.filter((unit) => !current(unit.object, [unit.file]));
  if (
    stale.length === 0 &&
    current(
      addon,
      all.map((unit) => unit.object),
    )
  )
    return false;
  mkdirSync(target, { recursive: true });
  rmSync(stamp, { force: true });
  for (const unit of stale)
    run(program, [...unit.flags, "-c", unit.file, "-o", unit.object], relative(root, unit.file));
  const link = [
    "-shared",
    ...(options.sanitize ? sanitizer : []),
    ...(mac ? ["-undefined", "dynamic_lookup", "-lomp"] : ["-fopenmp"]),
  ];
  // under another name first: a process that has the old one loaded keeps it
  const fresh = `${addon}.${process.pid}`;
  run(program, [...link, "-o", fresh, ...all.map((unit) => unit.object), ...library.link], "linking");
  renameSync(fresh, addon);
  if (options.static) rmSync(target, { recursive: true });
  else writeFileSync(stamp, commands);
  return true;
}

try {
  const built = build();
  if (built || !options.quiet)
    console.log(`@lad/backend-native: ${relative(process.cwd(), addon)} is ${built ? "built" : "up to date"}`);
} catch (error) {
  if (!(error instanceof Missing || error instanceof Failed)) throw error;
  const reason = error instanceof Missing ? `this is missing: ${error.message}` : error.message;
  console.log(`@lad/backend-native: the add-on is not built, ${reason}`);
  process.exitCode = options.optional ? 0 : error instanceof Missing ? 1 : 2;
}
