import "@tensorflow/tfjs-backend-cpu";
import { fpn, resnet } from "@lad/backbones";
import { type ImageSizes, ndArray } from "@lad/core";
import { type Paa, paa } from "@lad/detectors";
import { conditionalObjectness, implicitObject, type PaaHeadOptions, paaHead } from "@lad/heads";
import { type Batch, createTape, disposeParams, type Method, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { colad, distill, labelAssignment, type SoftLabelsOptions, softLabels } from "./index";

const size = { height: 64, width: 96 };
const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };

function network(head: Partial<PaaHeadOptions> = {}): Paa {
  const backbone = resnet({ depth: 18, baseChannels: 2, statistics: "stored" });
  return paa({
    backbone,
    neck: fpn({ in: backbone.channels, out: 4 }),
    head: paaHead({ classes: 2, in: 4, channels: 4, groups: 2, stackedConvs: 1, ...head }),
  });
}

describe("methods on PAA networks", () => {
  let images: tf.Tensor4D;
  const networks: Record<string, Paa> = {};
  beforeAll(async () => {
    await tf.setBackend("cpu");
    images = tf.randomNormal([2, size.height, size.width, 3], 0, 1, "float32", 5);
    Object.assign(networks, {
      plain: network(),
      other: network(),
      io: network({ probability: implicitObject() }),
      cop: network({ probability: conditionalObjectness(), iouBranch: false }),
    });
    // networks that differ in more than their start
    for (const { variable } of networks.other!.params.values()) variable.assign(tf.tidy(() => tf.mul(variable, 1.05)));
  });
  afterAll(() => {
    images.dispose();
    for (const { params } of Object.values(networks)) disposeParams(params);
  });

  const batchOf = (...gts: number[][]): Batch => ({
    ids: ["a", "b"],
    images,
    sizes: [sizes, sizes],
    boxes: gts.map((box) => ndArray(Float32Array.from(box), [box.length / 4, 4])),
    labels: gts.map((box) => new Int32Array(box.length / 4)),
    ignoreBoxes: gts.map(() => ndArray(new Float32Array(0), [0, 4])),
  });
  const some = () => batchOf([10, 8, 60, 50, 30, 4, 90, 60], [20, 20, 60, 60]);

  const step = (method: Method, batch: Batch, of: Paa) =>
    expectNoLeak(async () => {
      const tape = createTape();
      try {
        const { losses, metrics } = await method.step(tape, batch, at);
        const gradients = tape.gradients(losses, trainableVariables(of.params));
        const values = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
        const largest = [...gradients.values()].map((gradient) =>
          tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0]!),
        );
        expect(Object.values(values).every(Number.isFinite)).toBe(true);
        expect(largest.every(Number.isFinite)).toBe(true);
        return { values, metrics, largest: Math.max(0, ...largest) };
      } finally {
        tape.end();
      }
    });
  const soft = (student: string, teacher: string, options?: SoftLabelsOptions) =>
    softLabels(networks[student]!, networks[teacher]!, options);

  it("KD: three losses and nothing else; SoLAD: beside the student's own, one teacher forward", async () => {
    const { plain, other } = networks as { plain: Paa; other: Paa };
    const kd = await step(distill(plain, [soft("plain", "other", { base: "drop" })], []), some(), plain);
    expect(Object.keys(kd.values).sort()).toEqual(["loss_kd_bbox", "loss_kd_centerness", "loss_kd_cls"]);
    expect(kd.metrics.kd_num).toBeGreaterThan(0);
    const solad = await step(
      distill(plain, [labelAssignment(other), soft("plain", "other", { minIou: 0.2, classWeight: 2 })], []),
      some(),
      plain,
    );
    expect(Object.keys(solad.values)).toHaveLength(6);
    expect(solad.metrics.positives).toBeGreaterThan(0);
    expect(solad.metrics.kd_num).toBeLessThan(kd.metrics.kd_num!);
  });

  it.each(["kl", "l1", "l2"] as const)("soft labels (%s) of a network for itself teach nothing", async (form) => {
    const { plain } = networks as { plain: Paa };
    const { values, largest } = await step(
      distill(plain, [soft("plain", "plain", { base: "drop", form })], []),
      some(),
      plain,
    );
    for (const value of Object.values(values)) expect(Math.abs(value)).toBeLessThan(1e-4);
    // |s − t| has a kink where they are equal: rounding decides the sign of its slope
    if (form !== "l1") expect(largest).toBeLessThan(1e-2);
  });

  it("L1 and L2 grow with the difference", async () => {
    const { plain } = networks as { plain: Paa };
    for (const form of ["l1", "l2"] as const) {
      const { values } = await step(
        distill(plain, [soft("plain", "other", { base: "drop", form })], []),
        some(),
        plain,
      );
      expect(values.loss_kd_cls).toBeGreaterThan(0);
    }
  });

  it.each([
    ["io", "plain"],
    ["plain", "cop"],
    ["cop", "io"],
  ])("a %s student learns from a %s teacher", async (student, teacher) => {
    const own = networks[student]!;
    const method = distill(own, [labelAssignment(networks[teacher]!), soft(student, teacher)], []);
    const { values, largest } = await step(method, some(), own);
    expect(largest).toBeGreaterThan(0);
    expect("loss_kd_centerness" in values).toBe(student !== "cop" && teacher !== "cop");
  });

  it.each([
    ["every image empty", () => batchOf([], [])],
    ["one image empty", () => batchOf([], [20, 20, 60, 60])],
    ["a ground truth smaller than a stride", () => batchOf([5, 5, 6, 6], [])],
  ])("trains on with %s: losses and gradients finite", async (_, batch) => {
    const { plain, other, cop } = networks as { plain: Paa; other: Paa; cop: Paa };
    for (const method of [
      distill(plain, [], []),
      distill(cop, [], []),
      distill(plain, [soft("plain", "other", { base: "drop" })], []),
      distill(plain, [labelAssignment(other), soft("plain", "other")], []),
      colad(plain, cop, []),
      colad(plain, other, [], { criterion: "fisher", granularity: "gt" }),
    ]) {
      await step(method, batch(), plain);
    }
  });

  it("LAD with a copy of the student as teacher is PAA's own assignment", async () => {
    const { plain } = networks as { plain: Paa };
    const lad = await step(distill(plain, [labelAssignment(plain)], []), some(), plain);
    const own = await step(distill(plain, [], []), some(), plain);
    expect(lad.metrics).toEqual(own.metrics);
    expect(lad.values.loss_cls).toBe(own.values.loss_cls);
  });

  it("CoLAD trains both networks with one assignment and logs who assigned", async () => {
    const { plain, io } = networks as { plain: Paa; io: Paa };
    const first = await step(colad(plain, io, []), some(), plain);
    expect(Object.keys(first.values)).toEqual([
      "loss_cls",
      "loss_bbox",
      "loss_iou",
      "loss_cls_t",
      "loss_bbox_t",
      "loss_iou_t",
    ]);
    expect(first.largest).toBeGreaterThan(0);
    expect((await step(colad(plain, io, []), some(), io)).largest).toBeGreaterThan(0);
    expect(first.metrics.t_ratio).toBeGreaterThanOrEqual(0);
    const taught = await step(colad(plain, io, [], { terms: [soft("plain", "other")] }), some(), plain);
    expect(taught.values.loss_kd_cls).toBeGreaterThan(0);
    expect(() => colad(plain, io, [], { terms: [labelAssignment(io)] })).toThrow("colad: term lad assigns labels");
  });
});
