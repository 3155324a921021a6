import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LadError, type LadErrorCode } from "@lad/core";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeWorkplace, type Workplace } from "../test/fake-engine";
import { buildTensorflowEngine } from "./build-engine";
import { readEnginePackage } from "./engine-package";
import { proveEngine } from "./prove-engine";

let place: Workplace;
let before: string[];
const otherPlatform = process.platform === "linux" ? "win_amd64" : "manylinux_2_17_x86_64";

/** An engine of 2.20 is there and works; what fails must leave it so. */
beforeEach(async () => {
  place = await fakeWorkplace();
  await buildTensorflowEngine({ wheels: [await place.addWheel({ version: "2.20.0" })] });
  fs.rmSync(place.at("wheels"), { recursive: true });
  fs.mkdirSync(place.at("wheels"));
  before = await place.contents();
});
afterEach(() => place.remove());

async function expectIntact(): Promise<void> {
  expect(await place.contents()).toEqual(before);
  expect(await proveEngine(readEnginePackage("@tensorflow/tfjs-node", place.folder))).toMatchObject({
    tensorflow: "2.20.0",
  });
}

async function expectFailure(work: Promise<unknown>, code: LadErrorCode, ...texts: string[]): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(LadError.is(error) && error.code, `${error}`).toBe(code);
  for (const text of texts) expect((error as LadError).message).toContain(text);
  await expectIntact();
}

const newer = () => place.addWheel({ version: "2.21.0" });

describe("a build that cannot be done says what is missing and leaves what was there", () => {
  it.each([
    ["no Python", "no-such-python", "there is no no-such-python (Debian, Ubuntu: apt-get install python3 python3-pip)"],
    ["no pip", "false", "false have no pip (Debian, Ubuntu: apt-get install python3-pip)"],
  ])("%s", async (_, python, text) => {
    vi.stubEnv("PYTHON", python);
    const cuda = await place.addWheel({ name: "nvidia_cudnn_cu12" });
    await expectFailure(buildTensorflowEngine({ wheels: [cuda] }), "NOT_FOUND", text, "--wheel FILE");
  });

  it("no wheel", async () => {
    const cuda = await place.addWheel({ name: "nvidia_cudnn_cu12" });
    await expectFailure(
      buildTensorflowEngine({ wheels: [cuda] }),
      "NOT_FOUND",
      "pip finds no wheel of tensorflow-cpu or tensorflow (ERROR: No matching distribution found for tensorflow-cpu)",
      "python3 -m pip download --no-deps tensorflow-cpu",
    );
  });

  it("a download that breaks off, a disk that it fills", async () => {
    const cuda = await place.addWheel({ name: "nvidia_cudnn_cu12" });
    await newer();
    vi.stubEnv("LAD_FAKE_PIP", "echo 'ERROR: connection broken' >&2; exit 1");
    await expectFailure(
      buildTensorflowEngine({ wheels: [cuda] }),
      "IO",
      "pip did not download tensorflow_cpu-2.21.0",
      "connection broken",
    );
    vi.stubEnv("LAD_FAKE_PIP", "echo 'ERROR: [Errno 28] No space left on device' >&2; exit 1");
    await expectFailure(buildTensorflowEngine({ wheels: [cuda] }), "IO", "is full");
  });

  it("a wheel of another platform", async () => {
    const wheel = await place.addWheel({ platform: otherPlatform });
    const here = `this machine is ${process.platform} ${process.arch}`;
    await expectFailure(
      buildTensorflowEngine({ wheels: [wheel] }),
      "UNSUPPORTED",
      `a wheel for ${otherPlatform}`,
      here,
    );
  });

  it("a wheel that is not there, is no wheel, or is not TensorFlow's", async () => {
    const failsWith = (name: string, code: LadErrorCode, text: string) =>
      expectFailure(buildTensorflowEngine({ wheels: [place.at("wheels", name)] }), code, text);
    const tags = path.basename(await newer()).slice("tensorflow_cpu-2.21.0".length);
    await failsWith(`tensorflow_cpu-2.22.0${tags}`, "NOT_FOUND", "there is no file");
    await writeFile(place.at("wheels", "notes.txt"), "no wheel");
    await failsWith("notes.txt", "INVALID_FILE", "wanted a wheel");
    await writeFile(place.at("wheels", `numpy-2.0${tags}`), "");
    await failsWith(`numpy-2.0${tags}`, "INVALID_ARGUMENT", "wanted a wheel of tensorflow");
  });

  it("a truncated wheel, one with a wrong checksum, one without the C library", async () => {
    const wheel = await newer();
    const bytes = await readFile(wheel);
    await writeFile(wheel, bytes.subarray(0, bytes.length / 2));
    await expectFailure(
      buildTensorflowEngine({ wheels: [wheel] }),
      "INVALID_FILE",
      wheel,
      "truncated, damaged or no wheel",
      "download it again",
    );
    const changed = await place.addWheel({ checksum: "AAAA" });
    await expectFailure(buildTensorflowEngine({ wheels: [changed] }), "INVALID_FILE", "the checksum of tensorflow/");
    const empty = await place.addWheel({ name: "tensorflow", files: { "tensorflow/libtensorflow_cc.so.2": "" } });
    const other = Buffer.from(
      String(await readFile(empty, "latin1")).replaceAll("libtensorflow_cc", "libtensorflow_xx"),
      "latin1",
    );
    await writeFile(empty, other);
    await expectFailure(buildTensorflowEngine({ wheels: [empty] }), "INVALID_FILE", "holds no libtensorflow_cc");
  });

  it("no compiler, a compiler that fails", async () => {
    const wheel = await newer();
    vi.stubEnv("CXX", "no-such-compiler");
    await expectFailure(
      buildTensorflowEngine({ wheels: [wheel] }),
      "NOT_FOUND",
      "looked for no-such-compiler",
      "apt-get install g++",
    );
    vi.stubEnv("CXX", place.at("compiler"));
    vi.stubEnv("LAD_FAKE_COMPILER", "echo 'binding.cc:1: error: no C++17' >&2; exit 1");
    await expectFailure(
      buildTensorflowEngine({ wheels: [wheel] }),
      "ENGINE",
      "does not compile the binding: binding.cc:1: error: no C++17",
    );
  });

  it("an engine that computes something else, or does not load", async () => {
    const wrong = await place.addWheel({ files: { "tensorflow/libtensorflow_cc.so.2": "wrong" } });
    await expectFailure(
      buildTensorflowEngine({ wheels: [wrong] }),
      "ENGINE",
      'computes {"engine":"tensorflow","product":[0,0,0,0]',
    );
    vi.stubEnv(
      "LAD_FAKE_COMPILER",
      'for file; do case "$last" in -o) echo nothing > $file;; esac; last=$file; done; exit 0',
    );
    await expectFailure(buildTensorflowEngine({ wheels: [wrong] }), "ENGINE", "does not load", "file too short");
  });

  it("a disk that fills up while unpacking", async () => {
    const disk = await smallDisk();
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`tensorflow/include/tensorflow/c/${index}.h`, "//"]),
    );
    await expectFailure(
      buildTensorflowEngine({ wheels: [await place.addWheel({ files: many })] }),
      "IO",
      `the disk of ${place.lib} is full`,
      "make room",
    );
    await disk.leave();
  });

  it("a read-only node_modules", async () => {
    const wheel = await newer();
    const writable = await lockDown();
    try {
      await expect(buildTensorflowEngine({ wheels: [wheel] })).rejects.toThrow(
        /lib cannot be written \(E\w+\): run it as the folder's owner.*LAD_ENGINES/,
      );
    } finally {
      await writable();
    }
    await expectIntact();
  });
});

describe("runs that meet", () => {
  it("one that is killed half-way leaves what was there, and the next one sweeps up and builds", {
    timeout: 120_000,
  }, async () => {
    const wheel = await newer();
    const program = place.at("run.mjs");
    const entry = fileURLToPath(new URL("./build-engine.ts", import.meta.url));
    const banner = {
      js: 'import { createRequire as requireAt } from "node:module"; const require = requireAt(import.meta.url);',
    };
    await build({
      stdin: {
        contents: `import { buildTensorflowEngine } from ${JSON.stringify(entry)}; await buildTensorflowEngine({ wheels: [process.argv[2]] });`,
        resolveDir: path.dirname(entry),
      },
      outfile: program,
      bundle: true,
      format: "esm",
      platform: "node",
      banner,
      logLevel: "silent",
    });
    // the compiler says that it has begun and never ends
    vi.stubEnv("LAD_FAKE_COMPILER", `touch ${place.at("begun")}; sleep 60 & echo $! > ${place.at("sleeper")}; wait`);
    const child = spawn(process.execPath, [program, wheel], { cwd: place.at("project"), stdio: "inherit" });
    await vi.waitFor(() => expect(fs.existsSync(place.at("sleeper"))).toBe(true), { timeout: 60_000, interval: 50 });
    child.kill("SIGKILL");
    await once(child, "exit");
    execFileSync("kill", [String(await readFile(place.at("sleeper"), "utf8")).trim()]);
    expect(await proveEngine(readEnginePackage("@tensorflow/tfjs-node", place.folder))).toMatchObject({
      tensorflow: "2.20.0",
    });
    expect(fs.readdirSync(place.lib).some((name) => name.startsWith(".lad-stage-"))).toBe(true);

    vi.stubEnv("LAD_FAKE_COMPILER", "");
    const result = await buildTensorflowEngine({ wheels: [wheel] }); // after the dead run's lock has gone stale
    expect(result).toMatchObject({ built: true, tensorflow: "2.21.0" });
    expect(fs.readdirSync(place.lib).sort()).toEqual([expect.stringMatching(/^lad-tensorflow-2\.21\.0-/), "napi-v8"]);
  });

  it("two at once: the second waits and finds the work done", async () => {
    fs.rmSync(place.lib, { recursive: true });
    await newer();
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const results = await Promise.all([buildTensorflowEngine({ log }), buildTensorflowEngine({ log })]);
    expect(results.map(({ built }) => built).sort()).toEqual([false, true]);
    expect(lines.filter((line) => line.startsWith("another run is at work"))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("compiling"))).toHaveLength(1);
  });
});

/** A place whose disk has no room for 200 small files: a real one where this process may mount it, else writes that fail as on a full one. */
async function smallDisk(): Promise<{ leave(): Promise<void> }> {
  const lib = place.lib;
  const aside = `${lib}.aside`;
  try {
    await mkdir(aside);
    execFileSync("mount", ["-t", "tmpfs", "-o", "nr_inodes=60", "tmpfs", aside], { stdio: "ignore" });
  } catch {
    const { createWriteStream } = fs;
    const full = vi.spyOn(fs, "createWriteStream").mockImplementation(() => createWriteStream("/dev/full"));
    syncBuiltinESMExports();
    return {
      async leave() {
        full.mockRestore();
        syncBuiltinESMExports();
      },
    };
  }
  fs.cpSync(lib, aside, { recursive: true, verbatimSymlinks: true });
  fs.rmSync(lib, { recursive: true });
  fs.mkdirSync(lib);
  execFileSync("mount", ["--move", aside, lib]);
  return {
    async leave() {
      execFileSync("umount", [lib]);
    },
  };
}

/** Takes the right to write in the package away; from root by being somebody else for as long. @returns gives it back */
async function lockDown(): Promise<() => Promise<void>> {
  const folders = [place.folder, place.lib];
  for (const folder of folders) await chmod(folder, 0o555);
  const root = process.geteuid!() === 0;
  if (root) {
    await mkdir(place.at("home"), { recursive: true });
    await chown(place.at("home"), 65534, 65534);
    process.seteuid!(65534);
  }
  return async () => {
    if (root) process.seteuid!(0);
    for (const folder of folders) await chmod(folder, 0o755);
  };
}
