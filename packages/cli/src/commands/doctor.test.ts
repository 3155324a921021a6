import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendName, BackendReport } from "@lad/backends";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../test/tiny";
import { compareWithReference, difference, tiny } from "../doctor/compare-with-reference";
import { examineEngines, probeInChild } from "../doctor/examine-engines";
import { describeMachine, nvidiaGpus } from "../doctor/machine";
import { measureRates, measureStep } from "../doctor/measure-engine";
import { enginesText, measurementText } from "../doctor/report-text";

const folder = mkdtempSync(path.join(tmpdir(), "lad-doctor-"));
const program = (name: string, text: string) => {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o755 });
  return file;
};
beforeAll(() => void vi.stubEnv("LAD_ENGINES", path.join(folder, "engines"))); // a machine where nobody built any
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("lad doctor", () => {
  it("examines one engine in this process", async () => {
    const { code, terminal } = await run("doctor", "--only", "cpu", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(terminal.lines.join(""))).toMatchObject({
      name: "cpu",
      works: true,
      version: "4.22.0",
      threads: 1,
    });
    expect((await run("doctor", "--only", "cpu")).text).toContain("auto takes cpu");
  });

  it("says why one does not work and what to do", async () => {
    const wanted =
      "tensorflow: @tensorflow/tfjs-node is not installed (npx lad engine tensorflow installs and builds it)";
    expect(await run("doctor", "--only", "tensorflow")).toMatchObject({ code: 1, text: wanted });
    const { code, text } = await run("doctor", "--gpu");
    expect(code).toBe(1);
    expect(text).toContain("tensorflow-gpu: @tensorflow/tfjs-node-gpu is not installed");
    expect(text).toContain(`Node ${process.versions.node}`);
  });

  it("refuses two things at once", async () => {
    expect(await run("doctor", "--gpu", "--only", "cpu")).toMatchObject({ code: 2 });
  });
});

describe("examineEngines", () => {
  it("asks each installed engine, and auto, and shows both kinds", async () => {
    const asked: string[] = [];
    const probe = async (name: "auto" | BackendName): Promise<BackendReport> => {
      asked.push(name);
      if (name === "wasm") return { name, works: false, reason: "it ends its process with SIGSEGV" };
      return {
        name: name === "auto" ? "cpu" : name,
        works: true,
        version: "1.2",
        device: "CPU",
        threads: 2,
        startMs: 1234,
      };
    };
    const examination = await examineEngines(probe);
    expect(asked).toEqual(expect.arrayContaining(["wasm", "cpu"]));
    expect(asked.at(-1)).toBe("auto");
    expect(asked).not.toContain("tensorflow");
    expect(examination.auto).toBe("cpu");
    const lines = enginesText(examination).split("\n");
    expect(lines).toContain("cpu         1.2  CPU           2  1.2 s");
    expect(lines).toContain("wasm: it ends its process with SIGSEGV");
    expect(lines).toContain("tensorflow: not installed (npx lad engine tensorflow installs and builds it)");
    expect(lines.at(-1)).toBe("auto takes cpu");
  });

  it("survives an engine that ends its process", async () => {
    const crash = program("crash.mjs", 'process.kill(process.pid, "SIGSEGV");');
    expect(await probeInChild("native", crash)).toEqual({
      name: "native",
      works: false,
      reason: "it ends its process with SIGSEGV",
    });
    const exit = program("exit.mjs", 'console.error("cannot load\\nno such library"); process.exit(3);');
    expect(await probeInChild("auto", exit)).toMatchObject({
      works: false,
      reason: "it ends its process: no such library",
    });
  });

  it("starts the command itself", async () => {
    const built = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
    expect(await probeInChild("cpu", built)).toMatchObject({ name: "cpu", works: true, version: "4.22.0" });
  });
});

describe("describeMachine", () => {
  it("names processor, memory and the GPUs that the driver lists", async () => {
    const machine = await describeMachine();
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memoryGb).toBeGreaterThan(0);
    const fake = program("nvidia-smi", "#!/bin/sh\necho 'NVIDIA A100, 550.54, 40960 MiB'; echo");
    expect(await nvidiaGpus(fake)).toEqual(["NVIDIA A100, 550.54, 40960 MiB"]);
    expect(await nvidiaGpus(path.join(folder, "none"))).toEqual([]);
  });
});

describe("measuring", () => {
  it("passes an engine that computes as the reference, and takes times", async () => {
    const comparisons = await compareWithReference("wasm");
    expect(comparisons.map(({ passed }) => passed)).toEqual([true, true]);
    const rates = await measureRates(4);
    for (const { gigaflops } of rates) expect(gigaflops).toBeGreaterThan(0);
    const step = await measureStep(tiny, 64);
    expect(step).toMatchObject({ leaked: 0, losses: { loss_cls: expect.any(Number) } });
    const measured = {
      engine: "wasm",
      version: "4.22.0",
      device: "CPU",
      rates,
      step,
      comparisons,
      settings: [],
    } as const;
    const text = measurementText(await describeMachine(), measured, "0.1.0");
    expect(text).toMatch(/^```\nlad 0\.1\.0, engine wasm 4\.22\.0 on CPU\nNode /);
    expect(text).toMatch(/PAA step, ResNet-18, 2 x 320 x 320: [\d.]+ ms, 0 tensors leaked \(loss_cls /);
    expect(text.match(/^PASS PAA/gm)).toHaveLength(2);
  });

  it("fails one that does not", () => {
    const step = (loss: number, ...gradient: number[]) => ({
      losses: { loss_cls: loss },
      gradients: new Map([["weight", Float32Array.from(gradient)]]),
    });
    const right = step(2, 1, -100, 0);
    expect(difference(right, right)).toEqual({ losses: 0, gradients: 0, passed: true });
    expect(difference(step(2.001, 1, -100, 0), right)).toMatchObject({ losses: expect.closeTo(5e-4), passed: false });
    expect(difference(step(2, 1.5, -100, 0), right)).toMatchObject({
      gradients: expect.closeTo(0.5 / 0.021),
      passed: false,
    });
    expect(difference(step(2, 1, Number.NaN, 0), right)).toMatchObject({
      gradients: Number.POSITIVE_INFINITY,
      passed: false,
    });
    expect(difference({ losses: {}, gradients: new Map() }, right)).toMatchObject({
      losses: Number.POSITIVE_INFINITY,
      passed: false,
    });
  });
});
