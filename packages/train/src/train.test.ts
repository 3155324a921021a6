import { paramsToRecord } from "@lad/checkpoints";
import { ndArray, type Progress } from "@lad/core";
import type { Gradients } from "@lad/tensor";
import { expectClose, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { toy, toyBatches } from "../test/toy";
import { type IterationRecord, type TrainEvent, train } from "./index";

beforeAll(() => tf.setBackend("cpu"));

describe("train", () => {
  it("learns, logs every iteration, and holds neither tensors nor bytes more after 20 steps than after 1", async () => {
    const { method, dispose } = toy();
    const records: IterationRecord[] = [];
    const levels: string[] = [];
    const log = (event: TrainEvent) => {
      if (event.kind !== "iteration") return;
      records.push(event);
      levels.push(`${tf.memory().numTensors} tensors, ${tf.memory().numBytes} bytes`);
    };
    const result = await train({ method, batches: toyBatches({ iterationsPerEpoch: 10 }), epochs: 2, log });
    expect(new Set(levels).size).toBe(1);
    expect(records.map(({ iteration, epoch }) => [iteration, epoch])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i + 1, Math.floor(i / 10) + 1]),
    );
    const first = records[0]!;
    const taught = (part: IterationRecord[]) => part.reduce((sum, { losses }) => sum + losses.loss_teacher!, 0);
    expect(taught(records.slice(-5))).toBeLessThan(0.5 * taught(records.slice(0, 5)));
    expect(Object.keys(first.losses)).toEqual(["loss_label", "loss_teacher"]);
    expect(first.total).toBe(first.losses.loss_label! + first.losses.loss_teacher!);
    expect(first.learningRate).toBeCloseTo(0.005, 12);
    expect(first.learningRates).toEqual([first.learningRate, first.learningRate]);
    expect(first.metrics.noise).toBeGreaterThan(0);
    expect(first.timeMs).toBeGreaterThanOrEqual(first.dataWaitMs);
    expect(result).toMatchObject({ iteration: 20, epoch: 2, finished: true, last: { iteration: 20 } });
    dispose();
  });

  it("frees everything when a step throws, whatever the accumulation", async () => {
    const { method, dispose } = toy({
      lossOf: (loss, iteration) => {
        if (iteration === 2) throw new Error("inside the step");
        return loss;
      },
    });
    const run = () => train({ method, batches: toyBatches(), epochs: 1, accumulate: 4 });
    await expectNoLeak(() => expect(run()).rejects.toThrow("inside the step"));
    dispose();
  });

  it("stops at a loss that is not finite, naming it, the iteration and the images, before any update", async () => {
    const { method, dispose } = toy({ lossOf: (loss, iteration) => tf.div(loss, iteration === 5 ? 0 : 1) });
    let before = {};
    const log = (event: TrainEvent) => {
      if (event.kind === "iteration" && event.iteration === 5)
        before = Object.fromEntries(
          [...method.groups[0]!.params].map(([name, { variable }]) => [name, variable.dataSync().slice()]),
        );
    };
    await expect(train({ method, batches: toyBatches(), epochs: 2, log })).rejects.toMatchObject({
      code: "NON_FINITE",
      message: expect.stringContaining(
        "loss_label is Infinity in iteration 6 (epoch 2), images image-1-1-0, image-1-1-1. The weights were not updated",
      ),
    });
    for (const [name, data] of Object.entries(before))
      expect(method.groups[0]!.params.get(name)!.variable.dataSync()).toEqual(data);
    dispose();
  });

  it("averages the gradients of accumulated iterations: two batches of 2 are one of 4", async () => {
    const halves = toyBatches({ iterationsPerEpoch: 2 });
    const whole = { ...toyBatches({ iterationsPerEpoch: 1 }), epoch: () => joined() };
    async function* joined() {
      const parts = [];
      for await (const batch of halves.epoch(0)) parts.push(batch);
      const images = ndArray(Float32Array.from(parts.flatMap(({ images }) => [...images.data])), [4, 6, 6, 3]);
      yield { ...parts[0]!, images, labels: parts.flatMap(({ labels }) => [...labels]) };
    }
    // noise and moving mean are per iteration: take them out of the comparison
    const still = () => {
      const one = toy();
      const step = one.method.step;
      const method = {
        ...one.method,
        step: async (...args: Parameters<typeof step>) => {
          const { losses, metrics } = await step(...args);
          const mean = one.method.networks.student!.params.get("norm.running_mean")!.variable;
          tf.tidy(() => mean.assign(tf.zerosLike(mean)));
          const { loss_teacher } = losses;
          return { losses: { loss_teacher: loss_teacher! }, metrics };
        },
      };
      return { ...one, method };
    };
    const [parts, once] = [still(), still()];
    await train({ method: parts.method, batches: halves, epochs: 1, accumulate: 2 });
    await train({ method: once.method, batches: whole, epochs: 1 });
    const [a, b] = await Promise.all(
      [parts, once].map(({ method }) => paramsToRecord(method.networks.student!.params)),
    );
    // the one step is made at iteration 1 against 0 of the warm-up: compare directions
    const untrained = toy();
    const start = await paramsToRecord(untrained.method.networks.student!.params);
    untrained.dispose();
    const moved = (record: typeof start, name: string, rate: number) =>
      ndArray(
        Float32Array.from(record[name]!.data, (value, i) => (value - start[name]!.data[i]!) / rate),
        record[name]!.shape,
      );
    for (const name of ["conv.weight", "fc.weight", "fc.bias"])
      expectClose(moved(a!, name, 0.01625), moved(b!, name, 0.005), { relative: 1e-3, absolute: 2e-5, name });
    parts.dispose();
    once.dispose();
  });

  it("steps for what is left at the end of the run, weighted as a group of its own", async () => {
    const { method, dispose } = toy();
    const steps: number[] = [];
    const group = method.groups[0]!;
    const step = (_: Gradients, { iteration }: Progress) => void steps.push(iteration);
    const counted = { ...method, groups: [{ ...group, optimizer: { ...group.optimizer, step } }] };
    await train({ method: counted, batches: toyBatches({ iterationsPerEpoch: 5 }), epochs: 1, accumulate: 2 });
    expect(steps).toEqual([1, 3, 4]);
    dispose();
  });

  it("stops after the running iteration when told to", async () => {
    const { method, dispose } = toy();
    const controller = new AbortController();
    const log = (event: TrainEvent) => void (event.kind === "iteration" && event.iteration === 3 && controller.abort());
    const result = await train({ method, batches: toyBatches(), epochs: 2, log, signal: controller.signal });
    expect(result).toMatchObject({ iteration: 3, epoch: 0, finished: false });
    dispose();
  });

  it("refuses what cannot be trained", async () => {
    const { method, dispose } = toy();
    const batches = toyBatches();
    const refused = (more: object) => train({ method, batches, epochs: 1, ...more });
    await expect(refused({ epochs: 0 })).rejects.toThrow("train: epochs must be a whole number ≥ 1, got 0");
    await expect(refused({ accumulate: 1.5 })).rejects.toThrow(
      "accumulate must be a whole number of iterations ≥ 1, got 1.5",
    );
    await expect(refused({ checkpointEvery: { iterations: 0 } })).rejects.toThrow("checkpointEvery.iterations must be");
    await expect(refused({ keep: -1 })).rejects.toThrow("keep must be ≥ 0");
    await expect(refused({ resume: true })).rejects.toThrow("resume needs the run directory");
    await expect(refused({ method: { ...method, groups: [] } })).rejects.toThrow("no parameter groups");
    await expect(refused({ method: { ...method, networks: {} } })).rejects.toThrow("needs a network named student");
    const dotted = { ...method, networks: { ...method.networks, "a.b": method.networks.teacher! } };
    await expect(refused({ method: dotted })).rejects.toThrow("no dot or slash, got a.b");
    await expect(refused({ batches: toyBatches({ missing: 1 }) })).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: "train: epoch 0 ended after 3 batches, iterationsPerEpoch says 4",
    });
    const flat = {
      iterationsPerEpoch: 1,
      epoch: async function* () {
        for await (const batch of batches.epoch(0)) yield { ...batch, images: ndArray(batch.images.data, [216]) };
      },
    };
    await expect(refused({ batches: flat })).rejects.toThrow("images must be [B, H, W, 3], got shape [216]");
    const silent = { ...method, step: async () => ({ losses: {}, metrics: {} }) };
    await expect(refused({ method: silent })).rejects.toThrow("the method's step gave no losses");
    dispose();
  });
});
