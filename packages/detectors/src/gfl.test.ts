import "@tensorflow/tfjs-backend-cpu";
import { type Assignment, LadError } from "@lad/core";
import { gflHead, gflV2Head } from "@lad/heads";
import { createTape, disposeParams, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchOf, cup, person, sizes, smallSize, stepOf, tinyNetworks } from "../test/dense";
import { type DistributionDetector, gfl } from "./index";

describe.each(["gfl", "gflV2"] as const)("%s", (version) => {
  let detector: DistributionDetector;
  let images: tf.Tensor4D;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    const options = { classes: 3, in: 4, channels: 4, groups: 2, stackedConvs: 1 };
    const head = version === "gfl" ? gflHead(options) : gflV2Head(options);
    detector = gfl({ name: version, ...tinyNetworks(), head });
    images = tf.randomNormal([2, smallSize.height, smallSize.width, 3], 0, 1, "float32", 5);
  });
  afterAll(() => {
    disposeParams(detector.params);
    images.dispose();
  });
  const step = (...gts: (readonly (readonly number[])[])[]) => stepOf(detector, batchOf(gts, images));

  it("assigns by ATSS and learns from it, every parameter reached, without leaks", async () => {
    const { assignment, values, norms, reached, wanted } = await step([person, cup], [cup]);
    expect(assignment.numPositives[0]).toBeGreaterThan(0);
    expect(Object.keys(values)).toEqual(["loss_cls", "loss_bbox", "loss_dfl"]);
    for (const value of Object.values(values)) expect(value).toBeGreaterThan(0);
    expect(reached).toBe(wanted);
    expect(norms.every(Number.isFinite)).toBe(true);
  });

  it("floors every image's positives at 1 in the class loss", async () => {
    const one = await step([person], [person]);
    const batch = batchOf([[person], [person]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(images)));
    const halved = { ...one.assignment, numPositives: one.assignment.numPositives.map((count) => count * 2) };
    const of = (targets: Assignment) => tape.noGrad(() => detector.loss(out, targets, batch).loss_cls!).dataSync()[0]!;
    expect(of(halved)).toBeCloseTo(of(one.assignment) / 2, 6);
    expect(of({ ...halved, numPositives: Int32Array.of(0, 0) })).toBeCloseTo(
      of({ ...halved, numPositives: Int32Array.of(1, 1) }),
      6,
    );
    tape.end();
  });

  it("detects real classes only, in pixels of the original or of the resized image, with or without voting", async () => {
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(images)));
    const options = { scoreThreshold: 0.001, perImage: 1000 };
    const [original] = await expectNoLeak(() => detector.detect(out, [sizes, sizes], options));
    const [resized] = await detector.detect(out, [sizes, sizes], { ...options, rescale: false });
    expect(original!.scores.length).toBeGreaterThan(0);
    expect(Math.max(...original!.labels)).toBeLessThan(3);
    expect(original!.boxes.data.map((value) => value * 2)).toEqual(resized!.boxes.data);
    const [voted] = await detector.detect(out, [sizes, sizes], { ...options, voting: true });
    const [named] = await detector.detect(out, [sizes, sizes], { ...options, voting: "clusterDiou" });
    expect(voted).toEqual(named);
    expect(voted!.boxes.data).not.toEqual(original!.boxes.data);
    tape.end();
  });

  it("hands out classes, logits, distributions and boxes per level, which its detections are made of", async () => {
    await expectNoLeak(() => {
      const tape = createTape();
      const out = tape.noGrad(() => detector.predict(detector.features(images)));
      const channels = version === "gfl" ? 3 : 4;
      tape.noGrad(() => {
        expect(detector.classes(out).map(({ shape }) => shape)[0]).toEqual([2, 96, channels]);
        expect(detector.classLogits(out).map(({ shape }) => shape)[1]).toEqual([2, 24, channels]);
        expect(detector.boxDistributions(out).map(({ shape }) => shape)[4]).toEqual([2, 1, 4 * detector.binCount]);
        const [fine] = detector.boxes(out);
        expect(fine!.shape).toEqual([2, 96, 4]);
        const logits = detector.boxDistributions(out)[0]!.dataSync();
        const mean = (row: number) => {
          const parts = [...logits.subarray(row * 17, row * 17 + 17)].map(Math.exp);
          return parts.reduce((sum, part, bin) => sum + part * bin, 0) / parts.reduce((sum, part) => sum + part, 0);
        };
        // anchor 13 is in row 1, column 1: its centre is one stride from the origin
        expect(fine!.dataSync()[13 * 4]).toBeCloseTo(8 - 8 * mean(13 * 4), 3);
        expect(fine!.dataSync()[13 * 4 + 3]).toBeCloseTo(8 + 8 * mean(13 * 4 + 3), 3);
        const clipped = tf.max(tf.concat([...detector.boxes(out, [sizes, sizes])], 1));
        expect(clipped.dataSync()[0]).toBeLessThanOrEqual(96);
      });
      tape.end();
    });
  });

  it("has the gradient of its losses", async () => {
    const batch = batchOf([[person, cup], []], images);
    const bias = detector.params.get("bbox_head.gfl_reg.bias")!.variable;
    const start = bias.dataSync().slice();
    const measure = async (moved: Float32Array) => {
      bias.assign(tf.tensor1d(moved));
      const tape = createTape();
      const out = tape.run(() => detector.predict(detector.features(images)));
      const targets = await detector.assign(out, batch);
      const { loss_bbox, loss_dfl } = tape.run(() => detector.loss(out, targets, batch));
      const value = loss_bbox!.dataSync()[0]! + loss_dfl!.dataSync()[0]!;
      const gradient = tape
        .gradients({ loss_bbox: loss_bbox!, loss_dfl: loss_dfl! }, [bias])
        .get(bias)!
        .dataSync()
        .slice();
      tape.end();
      return { value, gradient };
    };
    const { gradient } = await measure(start as Float32Array);
    for (const index of [3, 20, 40, 60]) {
      const at = async (shift: number) =>
        (await measure(start.map((value, i) => (i === index ? value + shift : value)) as Float32Array)).value;
      const numeric = ((await at(0.02)) - (await at(-0.02))) / 0.04;
      expect(numeric).toBeCloseTo(gradient[index]!, 2);
    }
    await measure(start as Float32Array);
    expect(trainableVariables(detector.params)).toContain(bias);
  });

  it("refuses an assignment made on another grid", async () => {
    const batch = batchOf([[person], [cup]], images);
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(images)));
    const own = await detector.assign(out, batch);
    try {
      tape.noGrad(() => detector.loss(out, { ...own, labels: own.labels.subarray(1) }, batch));
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      expect(String(error)).toContain("gfl.loss: the assignment labels 257 anchors, the outputs have 2 · 129");
    }
    tape.end();
  });
});
