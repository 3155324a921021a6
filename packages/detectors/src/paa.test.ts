import "@tensorflow/tfjs-backend-cpu";
import { fpn, resnet } from "@lad/backbones";
import { LadError } from "@lad/core";
import { paaHead } from "@lad/heads";
import { type Batch, createTape, disposeParams } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchOf, cup, person, sizes, smallSize, stepOf } from "../test/dense";
import { type Paa, type PaaOptions, paa } from "./index";

function iouOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const side = (axis: 0 | 1) => Math.max(0, Math.min(a[axis + 2]!, b[axis + 2]!) - Math.max(a[axis]!, b[axis]!));
  const area = (box: ArrayLike<number>) => (box[2]! - box[0]!) * (box[3]! - box[1]!);
  const intersection = side(0) * side(1);
  return intersection / (area(a) + area(b) - intersection);
}

describe("paa", () => {
  let detector: Paa;
  let parts: PaaOptions;
  let images: tf.Tensor4D;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    const backbone = resnet({ depth: 18, baseChannels: 4, statistics: "stored" });
    const head = paaHead({ classes: 3, in: 8, channels: 8, groups: 2, stackedConvs: 1 });
    parts = { backbone, neck: fpn({ in: backbone.channels, out: 8 }), head };
    detector = paa(parts);
    images = tf.randomNormal([2, smallSize.height, smallSize.width, 3], 0, 1, "float32", 5);
  });
  afterAll(() => {
    disposeParams(detector.params);
    images.dispose();
  });

  const step = (batch: Batch) => stepOf(detector, batch);

  it("names its parameters as mmdet and carries its grid", () => {
    const names = [...detector.params.keys()];
    for (const name of ["backbone.conv1.weight", "neck.fpn_convs.4.conv.bias", "bbox_head.scales.4.scale"])
      expect(names).toContain(name);
    expect(detector.anchors?.strides).toEqual([8, 16, 32, 64, 128]);
  });

  it("assigns at least one anchor to a large object and learns from it, without leaks", async () => {
    const { assignment, values, norms, reached, wanted } = await step(batchOf([[person, cup], [cup]], images));
    expect(assignment.numPositives[0]).toBeGreaterThan(0);
    expect(assignment.boxWeighting).toBe("iou");
    expect(assignment.labels).toHaveLength(2 * 129);
    const positive = assignment.labels.indexOf(1);
    expect([...assignment.boxes.subarray(positive * 4, positive * 4 + 4)]).toEqual(person.slice(0, 4));
    expect(Object.keys(values)).toEqual(["loss_cls", "loss_bbox", "loss_iou"]);
    for (const value of Object.values(values)) expect(value).toBeGreaterThan(0);
    expect(reached).toBe(wanted);
    expect(norms.every(Number.isFinite)).toBe(true);
  });

  it("trains on when no image, or only one, has objects: finite losses, every parameter reached", async () => {
    const empty = await step(batchOf([[], []], images));
    expect([...empty.assignment.numPositives]).toEqual([0, 0]);
    expect(empty.values.loss_bbox).toBeCloseTo(0);
    expect(empty.values.loss_iou).toBeCloseTo(0);
    expect(empty.values.loss_cls).toBeGreaterThan(0);
    expect(empty.reached).toBe(empty.wanted);
    const half = await step(batchOf([[], [person]], images));
    expect(half.assignment.numPositives[0]).toBe(0);
    expect(Object.values(half.values).every(Number.isFinite)).toBe(true);
  });

  it("separates what a foreign cost says as its own assignment does", async () => {
    const batch = batchOf([[person], [cup]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(batch.images)));
    const pre = detector.preAssign(out, batch);
    const costs = await expectNoLeak(() => detector.costs(out, pre));
    expect(costs.map(({ length }) => length)).toEqual(pre.images.map(({ candidates }) => candidates.length));
    expect(detector.separate(pre, costs)).toEqual(await detector.assign(out, batch));
    const flat = costs.map((values) => values.map((_, index) => index));
    expect(detector.separate(pre, flat).labels).not.toEqual(detector.separate(pre, costs).labels);
    tape.end();
  });

  it("costs by IoU with a weight of its own, where that is asked for", async () => {
    const batch = batchOf([[person], [cup]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(batch.images)));
    const pre = detector.preAssign(out, batch);
    const costsOf = async (boxWeight: number, box?: "giou" | "iou") => {
      const other = paa({ ...parts, cost: { boxWeight, ...(box && { box }) } });
      return (await expectNoLeak(() => other.costs(out, pre)))[0]!;
    };
    const [focal, iou, giou] = [await costsOf(0), await costsOf(1, "iou"), await costsOf(1.3)];
    expect(giou).toEqual((await detector.costs(out, pre))[0]!);
    const boxes = tape.noGrad(() => tf.slice(tf.concat([...detector.boxes(out)], 1), [0, 0, 0], [1, -1, 4])).dataSync();
    const { candidates } = pre.images[0]!;
    candidates.forEach((anchor, index) => {
      const distance = 1 - iouOf(boxes.subarray(anchor * 4, anchor * 4 + 4), person);
      expect(iou[index]! - focal[index]!).toBeCloseTo(distance, 5);
    });
    expect(Math.max(...giou.map((cost, index) => cost - focal[index]!))).toBeGreaterThan(1.3); // GIoU goes below 0
    tape.end();
  });

  it("weighs boxes only where the assignment says so", async () => {
    const batch = batchOf([[person], [cup]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(batch.images)));
    const own = await detector.assign(out, batch);
    const boxLoss = (boxWeighting: "iou" | "none") =>
      tape.noGrad(() => detector.loss(out, { ...own, boxWeighting }, batch).loss_bbox!).dataSync()[0]!;
    expect(boxLoss("iou")).toBeLessThan(boxLoss("none"));
    tape.end();
  });

  it("refuses an assignment made on another grid", async () => {
    const batch = batchOf([[person], [cup]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(batch.images)));
    const own = await detector.assign(out, batch);
    const shorter = { ...own, labels: own.labels.subarray(1) };
    try {
      tape.noGrad(() => detector.loss(out, shorter, batch));
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      expect(String(error)).toContain("paa.loss: the assignment labels 257 anchors, the outputs have 2 · 129");
    }
    tape.end();
  });

  it("detects in pixels of the original file or of the resized image", async () => {
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(images)));
    const options = { scoreThreshold: 0.01, voting: false };
    const [original] = await expectNoLeak(() => detector.detect(out, [sizes, sizes], options));
    const [resized] = await detector.detect(out, [sizes, sizes], { ...options, rescale: false });
    expect(original!.scores.length).toBeGreaterThan(0);
    expect(original!.scores.length).toBeLessThanOrEqual(100);
    expect([...original!.scores]).toEqual([...original!.scores].sort((a, b) => b - a));
    expect(Math.max(...original!.boxes.data)).toBeLessThanOrEqual(48);
    expect(original!.boxes.data.map((value) => value * 2)).toEqual(resized!.boxes.data);
    const none = await detector.detect(out, [sizes, sizes], { scoreThreshold: 0.999 });
    expect(none.map(({ scores }) => scores.length)).toEqual([0, 0]);
    tape.end();
  });

  it("hands out logits, boxes and quality per level", async () => {
    await expectNoLeak(() => {
      const tape = createTape();
      const out = tape.noGrad(() => detector.predict(detector.features(images)));
      const shapes = tape.noGrad(() => ({
        logits: detector.classes(out).map(({ shape }) => shape),
        boxes: detector.boxes(out, [sizes, sizes]).map(({ shape }) => shape),
        quality: detector.quality!(out).map(({ shape }) => shape),
      }));
      expect(shapes.logits[0]).toEqual([2, 96, 3]);
      expect(shapes.boxes[1]).toEqual([2, 24, 4]);
      expect(shapes.quality[4]).toEqual([2, 1, 1]);
      const clipped = tape.noGrad(() => tf.max(tf.concat([...detector.boxes(out, [sizes, sizes])], 1)));
      expect(clipped.dataSync()[0]).toBeLessThanOrEqual(96);
      tape.end();
    });
  });
});
