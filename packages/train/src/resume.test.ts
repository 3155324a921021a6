import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSafetensors, temporarySuffix } from "@lad/checkpoints";
import * as tf from "@tensorflow/tfjs-core";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toy, toyBatches } from "../test/toy";
import { runFiles, type TrainEvent, type TrainOptions, train } from "./index";

let root: string;
let wanted: Awaited<ReturnType<typeof resultOf>>;
const setting = { batches: toyBatches(), epochs: 3, checkpointEvery: { iterations: 1 } };

/** Trains a fresh toy in a directory; what `stopAt` iterations have been logged ends it with an error. */
async function run(directory: string, { stopAt, ...options }: Partial<TrainOptions> & { stopAt?: number } = {}) {
  const { method, dispose } = toy();
  const log = (event: TrainEvent) => {
    if (event.kind === "iteration" && event.iteration === stopAt) throw new Error("killed");
  };
  try {
    return await train({ method, ...setting, out: join(root, directory), log, ...options });
  } finally {
    dispose();
  }
}

/** Everything of a run that must not depend on how often it was interrupted. */
async function resultOf(directory: string) {
  const files = runFiles(join(root, directory));
  const lines = (await readFile(files.metrics, "utf8")).trim().split("\n");
  return {
    state: await readFile(files.state),
    last: await readFile(files.last),
    lines: lines.map((line) => ({ ...JSON.parse(line), timeMs: 0, dataWaitMs: 0 })),
  };
}

beforeAll(async () => {
  await tf.setBackend("cpu");
  root = await mkdtemp(join(tmpdir(), "lad-train-"));
  await run("straight");
  wanted = await resultOf("straight");
});
afterAll(() => rm(root, { recursive: true }));

describe("a run that is interrupted and resumed", () => {
  it.each([2, 5, 8])("ends bit for bit like one that was not: broken off in iteration %i", async (stopAt) => {
    await expect(run(`at-${stopAt}`, { stopAt })).rejects.toThrow("killed");
    await run(`at-${stopAt}`, { resume: true });
    const got = await resultOf(`at-${stopAt}`);
    expect(got.lines).toEqual(wanted.lines);
    expect(got.state.equals(wanted.state)).toBe(true);
    expect(got.last.equals(wanted.last)).toBe(true);
  });

  it("repeats what came after its last checkpoint, and sweeps up what a kill left", async () => {
    const directory = join(root, "late");
    await expect(run("late", { stopAt: 7, checkpointEvery: {} })).rejects.toThrow("killed");
    const { metrics, checkpoints } = runFiles(directory);
    await writeFile(metrics, `${await readFile(metrics, "utf8")}{"iteration": 8, "epo`);
    await writeFile(join(checkpoints, `.last.safetensors.abc${temporarySuffix}`), "half");
    const events: TrainEvent[] = [];
    await run("late", { resume: true, log: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ kind: "resumed", iteration: 4 });
    const got = await resultOf("late");
    expect(got.lines).toEqual(wanted.lines);
    expect(got.state.equals(wanted.state)).toBe(true);
    expect((await readdir(checkpoints)).sort()).toEqual(["last.safetensors", "last.state.safetensors"]);
  });

  it("keeps half-accumulated gradients", async () => {
    await run("sums", { accumulate: 3 });
    await expect(run("sums-again", { accumulate: 3, stopAt: 6 })).rejects.toThrow("killed");
    await run("sums-again", { accumulate: 3, resume: true });
    expect((await resultOf("sums-again")).state.equals((await resultOf("sums")).state)).toBe(true);
    expect((await resultOf("sums")).state.equals(wanted.state)).toBe(false);
  });

  it("begins if it was killed before its first checkpoint, and does nothing when it is complete", async () => {
    await expect(run("early", { stopAt: 1 })).rejects.toThrow("killed");
    expect(existsSync(runFiles(join(root, "early")).state)).toBe(false);
    expect(await run("early", { resume: true })).toMatchObject({ iteration: 12, finished: true });
    const again = await run("early", { resume: true });
    expect(again).toMatchObject({ iteration: 12, epoch: 3, finished: true });
    expect(again.last).toBeUndefined();
    expect((await resultOf("early")).state.equals(wanted.state)).toBe(true);
  });

  it("survives SIGKILL of the process at any moment", async () => {
    const script = join(root, "child.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("../test/child.ts", import.meta.url))],
      outfile: script,
      bundle: true,
      ignoreAnnotations: true, // tfjs backends register themselves but say they have no side effects
      platform: "node",
      format: "esm",
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
    });
    const directory = join(root, "killed");
    const { metrics } = runFiles(directory);
    for (const lines of [2, 6]) {
      const child = spawn(process.execPath, [script, directory], { stdio: "ignore" });
      await reached(child, metrics, lines);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      expect(child.signalCode).toBe("SIGKILL");
    }
    await run("killed", { resume: true });
    const got = await resultOf("killed");
    expect(got.lines).toEqual(wanted.lines);
    expect(got.state.equals(wanted.state)).toBe(true);
  });
});

/** Waits until a process has logged so many lines. */
async function reached(child: ChildProcess, file: string, lines: number): Promise<void> {
  while (child.exitCode === null) {
    const text = existsSync(file) ? await readFile(file, "utf8") : "";
    if (text.split("\n").length > lines) return;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error(`the training process ended with ${child.exitCode} before ${lines} iterations`);
}

describe("checkpoints", () => {
  it("hold the student under plain names in torch layout, the state of everything else, and no teacher", async () => {
    const { state, last } = runFiles(join(root, "straight"));
    const student = await loadSafetensors(last);
    expect(Object.keys(student.tensors).sort()).toEqual([
      "conv.weight",
      "fc.bias",
      "fc.fixed",
      "fc.weight",
      "norm.running_mean",
    ]);
    expect(student.tensors["conv.weight"]!.shape).toEqual([4, 3, 3, 3]);
    expect(student.metadata).toEqual({ method: "toy", network: "toy-net", iteration: "12", epoch: "3" });
    const { tensors, metadata } = await loadSafetensors(state);
    expect(
      Object.keys(tensors)
        .filter((name) => !name.startsWith("student."))
        .sort(),
    ).toEqual([
      "state/method/stream",
      "state/optimizer/0/conv.weight",
      "state/optimizer/1/fc.bias",
      "state/optimizer/1/fc.weight",
    ]);
    expect(tensors["student.fc.weight"]).toEqual(student.tensors["fc.weight"]);
    expect(Object.keys(JSON.parse(metadata.checksums!))).toEqual(["teacher"]);
  });

  it("keep as many epochs as asked, and the best by validation", async () => {
    const scores = [0.2, Number.NaN, 0.1];
    let count = 0;
    const validate = { every: 1, best: "AP", run: async () => ({ AP: scores[count++]!, AP50: 1 }) };
    const result = await run("best", { validate, keep: 2 });
    expect(result.best).toEqual({ metric: "AP", value: 0.2, epoch: 1 });
    const files = runFiles(join(root, "best"));
    expect((await readdir(files.checkpoints)).sort()).toEqual([
      "best.safetensors",
      "epoch_2.safetensors",
      "epoch_3.safetensors",
      "last.safetensors",
      "last.state.safetensors",
    ]);
    expect((await loadSafetensors(files.best)).metadata).toMatchObject({ iteration: "4", epoch: "1" });
    const lines = (await readFile(files.validation, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch, best, metrics }) => [epoch, best, metrics.AP])).toEqual([
      [1, true, 0.2],
      [2, false, null],
      [3, false, 0.1],
    ]);
  });

  it("let a validation that was killed run again, once", async () => {
    let dying = true;
    let count = 0;
    const validate = {
      every: 2,
      best: "AP",
      run: async () => {
        count++;
        if (dying) throw new Error("killed in validation");
        return { AP: 1 };
      },
    };
    await expect(run("validation", { validate })).rejects.toThrow("killed in validation");
    dying = false;
    const result = await run("validation", { validate, resume: true });
    expect(result.best).toEqual({ metric: "AP", value: 1, epoch: 2 });
    expect(count).toBe(3); // the killed one, after epoch 2, after the last
    expect((await resultOf("validation")).last.equals(wanted.last)).toBe(true);
    const unknown = { ...validate, best: "mAP" };
    await expect(run("unknown", { validate: unknown })).rejects.toThrow(
      "no metric mAP to choose the best checkpoint by, only AP",
    );
  });

  it("are not overwritten by a new run, nor by weights that are not finite", async () => {
    await expect(run("straight")).rejects.toThrow(
      "holds a run already (checkpoints/last.safetensors); resume it or choose",
    );
    const { method, dispose } = toy();
    const conv = method.networks.student!.params.get("conv.weight")!.variable;
    const log = (event: TrainEvent) => {
      if (event.kind === "iteration" && event.iteration === 3)
        tf.tidy(() => conv.assign(tf.fill(conv.shape, Number.NaN)));
    };
    await expect(train({ method, ...setting, out: join(root, "nan"), log })).rejects.toMatchObject({
      code: "NON_FINITE",
      message: expect.stringContaining("student.conv.weight holds NaN after iteration 3; this state is not written"),
    });
    dispose();
    const { metadata } = await loadSafetensors(runFiles(join(root, "nan")).state);
    expect(JSON.parse(metadata.standing!).iteration).toBe(2);
  });

  it("refuse to go on with another architecture, teacher, method, seed or data", async () => {
    const refused = async (method: TrainOptions["method"], options: Partial<TrainOptions>, message: string) =>
      expect(
        train({ method, ...setting, out: join(root, "straight"), resume: true, ...options }),
      ).rejects.toMatchObject({
        code: "CHECKPOINT_MISMATCH",
        message: expect.stringContaining(message),
      });
    const [same, wider, other] = [toy(), toy({ channels: 5 }), toy({ teacherSeed: 3 })];
    await refused(wider.method, {}, "conv.weight (network [5,3,3,3], checkpoint [4,3,3,3])");
    await refused(wider.method, {}, runFiles(join(root, "straight")).state);
    await refused(other.method, {}, "network teacher, which is not trained, has other weights than then");
    await refused({ ...same.method, name: "lad" }, {}, "it was made by method toy, this is lad");
    await refused(same.method, { seed: 5 }, "it was made with seed 0, now it is 5");
    await refused(
      same.method,
      { batches: toyBatches({ iterationsPerEpoch: 5 }) },
      "with iterationsPerEpoch 4, now it is 5",
    );
    for (const { dispose } of [same, wider, other]) dispose();
    expect((await resultOf("straight")).state.equals(wanted.state)).toBe(true);
  });

  it("name a state that is damaged, foreign or gone", async () => {
    await run("damaged", { epochs: 1 });
    const { state, last } = runFiles(join(root, "damaged"));
    const whole = await readFile(state);
    await writeFile(state, whole.subarray(0, whole.length - 7));
    await expect(run("damaged", { resume: true })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining(state),
    });
    await writeFile(state, await readFile(last));
    await expect(run("damaged", { resume: true })).rejects.toThrow("is no training state but of format none");
    await rm(state);
    await expect(run("damaged", { resume: true })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("name a directory that cannot be written", async () => {
    await writeFile(join(root, "file"), "");
    await expect(run("file/run")).rejects.toMatchObject({
      code: "IO",
      message: expect.stringContaining(join(root, "file/run")),
    });
    await mkdir(join(root, "blocked", "metrics.jsonl"), { recursive: true });
    await expect(run("blocked")).rejects.toMatchObject({
      code: "IO",
      message: expect.stringContaining("metrics.jsonl"),
    });
    await mkdir(join(root, "occupied/checkpoints/last.state.safetensors"), { recursive: true });
    await expect(run("occupied", { resume: true })).rejects.toMatchObject({ code: "IO" });
  });
});
