import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { openChild } from "../lib/open-child.mjs";
import { pinned } from "../lib/pinned.mjs";

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
type Child = ReturnType<typeof openChild>;
const children: Child[] = [];
function open(): Child {
  children.push(openChild(process.execPath, [path("../lib/serve.mjs"), path("toy-worker.mjs")]));
  return children.at(-1)!;
}
afterEach(async () => {
  for (const child of children.splice(0)) await child.close();
});

describe("openChild", () => {
  it("keeps its state between calls, and what it prints is no answer", async () => {
    const child = open();
    expect(await child.call("start", { threads: 2 })).toEqual({ threads: 2 });
    expect(await child.call("add", { amount: 3 })).toBe(3);
    expect(await child.call("add", { amount: 4 })).toBe(7);
  });

  it("tells what went wrong and goes on", async () => {
    const child = open();
    await expect(child.call("fail")).rejects.toThrow("this case does not run");
    expect(await child.call("add", { amount: 1 })).toBe(1);
  });

  it("tells why a process died, at once and later", async () => {
    const child = open();
    await expect(child.call("die")).rejects.toThrow(/ended \(3\): out of memory/);
    await expect(child.call("add", { amount: 1 })).rejects.toThrow("out of memory");
    await expect(openChild("no-such-program", []).call("start")).rejects.toThrow("no-such-program");
  });
});

describe("pinned", () => {
  it("sets thread counts, and binds to as many cores where there is taskset", () => {
    const { command, args, env } = pinned("node", ["a.mjs"], 1);
    expect(env).toMatchObject({ OMP_NUM_THREADS: "1", LAD_THREADS: "1" });
    if (command === "taskset") {
      expect(args.slice(0, 1)).toEqual(["-c"]);
      expect(args[1]).toMatch(/^\d+$/);
      expect(() => pinned("node", [], 4096)).toThrow("4096 threads are asked for");
    }
    expect([command, ...args].slice(-2)).toEqual(["node", "a.mjs"]);
  });
});

describe("run.mjs", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [path("../run.mjs"), ...args], { encoding: "utf8" });

  it("lists the benches and its options", () => {
    const names = run("--list").stdout.trim().split("\n");
    for (const name of ["assignment", "conv", "inference", "memory", "profile", "train-step"])
      expect(names).toContain(name);
    expect(run("--help").stdout).toContain("--threads N");
  });

  it("refuses names and numbers that are none", () => {
    expect(run("no-such-bench")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no bench named no-such-bench"),
    });
    expect(run("conv", "--threads", "0").stderr).toContain("--threads wants whole numbers above 0, got 0");
  });
});
