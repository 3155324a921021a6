import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { LadError } from "@lad/core";
import { describe, expect, it } from "vitest";
import { randomCalls } from "../test/fuzz/random-calls.mjs";
import { nativeSuite } from "../test/native-suite";
import { type Addon, addonPaths, loadAddon } from "./addon";

const code = (compute: () => unknown) => {
  try {
    compute();
  } catch (error) {
    return LadError.is(error) ? error.code : error;
  }
  return undefined;
};

describe("loadAddon", () => {
  it("says how to build an add-on that is missing or broken", () => {
    const folder = mkdtempSync(join(tmpdir(), "lad-addon-"));
    const broken = join(folder, "broken.node");
    writeFileSync(broken, "no library");
    expect(code(() => loadAddon(["/nowhere/x.node"]))).toBe("ENGINE");
    expect(() => loadAddon(["/nowhere/x.node"])).toThrow(
      /not built: install a C\+\+ compiler and oneDNN .*scripts\/build\.mjs/,
    );
    expect(() => loadAddon(["/nowhere/x.node", broken])).toThrow(/broken\.node does not load .*libdnnl-dev/);
    rmSync(folder, { recursive: true });
  });

  it("looks for a prebuilt one too", () => {
    expect(addonPaths()[1]).toMatch(new RegExp(`prebuilds/${process.platform}-${process.arch}/lad-native.node$`));
  });
});

/** Run by plain Node: the functions of the loops on fixed numbers, and a convolution, as text. */
const script = `
  const addon = require(PATH);
  addon.setThreads(2);
  const x = Float32Array.from({ length: 1003 }, (_, i) => Math.sin(i) * 3);
  const out = [];
  for (let operation = 0; operation < 15; operation++) {
    const y = new Float32Array(1003);
    addon.unary(operation, x, y, 0.25, 1.5);
    out.push(...y.slice(-40));
  }
  const y = new Float32Array(2 * 8 * 8 * 8);
  addon.convolution(x, x.subarray(0, 216), null, y.subarray(0, 512), Int32Array.of(1, 8, 8, 3, 8, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1), 0);
  out.push(...y.slice(0, 512), addon.threadCount(), addon.isa().length);
  RETURN(out.map((value) => (Number.isFinite(value) ? value : String(value))));
`;
const asScript = (how: string) => script.replace("PATH", JSON.stringify(addonPaths()[0])).replace("RETURN", how);

nativeSuite("the add-on", () => {
  it("is taken from a prebuild where none was built, or the one that was does not load", () => {
    const folder = mkdtempSync(join(tmpdir(), "lad-addon-"));
    const [broken, prebuilt] = [join(folder, "built.node"), join(folder, "prebuilt.node")];
    writeFileSync(broken, "its oneDNN is gone");
    copyFileSync(addonPaths().find((path) => existsSync(path))!, prebuilt);
    for (const paths of [
      ["/nowhere/x.node", prebuilt],
      [broken, prebuilt],
    ])
      expect(loadAddon(paths).threadCount()).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });

  it("has the same numbers on every instruction set", () => {
    const run = (isa: string): (number | string)[] => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ["-e", asScript("((list) => console.log(JSON.stringify(list)))")],
        {
          env: { ...process.env, LAD_ISA: isa },
          encoding: "utf8",
        },
      );
      if (!stdout) throw new Error(stderr);
      return JSON.parse(stdout) as (number | string)[];
    };
    const [widest, ...others] = ["", "avx2", "baseline"].map(run);
    for (const other of others) {
      expect(other).toHaveLength(widest!.length);
      widest!.slice(0, -1).forEach((value, index) => {
        if (typeof value === "string") expect(other[index]).toBe(value);
        else expect(Math.abs((other[index] as number) - value)).toBeLessThanOrEqual(1e-6 + 2e-6 * Math.abs(value));
      });
    }
  });

  it("works in several worker threads at once, each with its own thread count", async () => {
    const work = () =>
      new Promise<unknown>((resolve, reject) => {
        const worker = new Worker(asScript("require('node:worker_threads').parentPort.postMessage"), { eval: true });
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    const [first, ...others] = await Promise.all([work(), work(), work()]);
    for (const other of others) expect(other).toEqual(first);
    expect(loadAddon().threadCount()).not.toBe(0);
  });

  it("answers nonsense with an error, never with a crash, and refuses no right call (under AddressSanitizer: npm run fuzz)", () => {
    // thread counts are this process's, and the algorithm's choice the other tests'
    const skip = ["setThreads", "setDirectOnly"];
    const { right, wrong } = randomCalls(loadAddon(), { calls: 2000, seed: 7, skip });
    expect(right).toEqual([]);
    expect(wrong).toBeGreaterThan(500);
  });

  it("names what it wanted", () => {
    const addon: Addon = loadAddon();
    const x = new Float32Array(4);
    expect(() => addon.unary(0, x, new Float32Array(3), 0, 0)).toThrow(
      "argument 2 must be a Float32Array of at least 4 elements, it has 3",
    );
    expect(() => addon.unary(99, x, x, 0, 0)).toThrow("argument 0 must be a whole number in [0, 14]");
    expect(() => addon.binary(0, x, x, x, Int32Array.of(1, 5, 1, 1))).toThrow("at least 5 elements");
    expect(() => addon.copy(x, x, Int32Array.of(1, 2, 0, 3, 1, 1))).toThrow("outside an array");
  });

  it("copies rows of nothing", () => {
    const [x, y] = [new Float32Array(15).fill(1), new Float32Array(15)];
    loadAddon().copy(x, y, Int32Array.of(2, 0, 0, 5, 0, 3, 1, 3, 1)); // rank, offsets, sizes [5, 0], steps
    expect([...y]).toEqual([...new Float32Array(15)]);
  });

  it("gathers rows of nothing at once, however many", () => {
    const none = new Float32Array(0);
    expect(() => loadAddon().gatherRows(none, Int32Array.of(0, 0), none, 1, 2 ** 33, 5, 0)).not.toThrow();
  });
});
