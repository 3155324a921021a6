import "@tensorflow/tfjs-backend-cpu";
import {
  atssDistributionHead,
  fcosDistributionHead,
  gflHead,
  gflV2Head,
  paaHead,
  retinaDistributionHead,
} from "@lad/heads";
import { createTape, disposeParams } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchOf, cup, person, sizes, smallSize, stepOf, tinyNetworks } from "../test/dense";
import { atss, type DenseDetector, fcosDistribution, gfl, retinaAnchors, retinaDistribution } from "./index";

const options = { classes: 3, in: 4, channels: 4, groups: 2, stackedConvs: 1 };
const detectors: Record<string, () => DenseDetector> = {
  gfl: () => gfl({ ...tinyNetworks(), head: gflHead(options) }),
  gflV2: () => gfl({ ...tinyNetworks(), head: gflV2Head(options) }),
  atss: () => atss({ ...tinyNetworks(), head: paaHead(options) }),
  "atss of distributions": () => atss({ ...tinyNetworks(), head: atssDistributionHead(options) }),
  fcos: () => fcosDistribution({ ...tinyNetworks(), head: fcosDistributionHead(options) }),
  retina: () =>
    retinaDistribution({
      ...tinyNetworks(),
      head: retinaDistributionHead({ ...options, groups: 0, anchorsPerCell: 2 }),
      anchors: { ...retinaAnchors, scalesPerOctave: 1, ratios: [1, 2] },
    }),
};

const crowd = Array.from({ length: 140 }, (_, i) => [i % 50, i % 30, (i % 50) + 30, (i % 30) + 25, i % 3]);
const hard: Record<string, number[][][]> = {
  "no image has objects": [[], []],
  "one image has none": [[], [person]],
  "an object is smaller than a stride": [[[5, 5, 6, 6, 0]], [person]],
  "there are more objects than anchors": [crowd, []],
};

describe.each(Object.entries(detectors))("%s", (name, make) => {
  let detector: DenseDetector;
  let images: tf.Tensor4D;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    detector = make();
    images = tf.randomNormal([2, smallSize.height, smallSize.width, 3], 0, 1, "float32", 5);
  });
  afterAll(() => {
    disposeParams(detector.params);
    images.dispose();
  });

  it("learns from large and small objects, every parameter reached, without leaks", async () => {
    const { assignment, values, norms, reached, wanted } = await stepOf(
      detector,
      batchOf([[person, cup], [person]], images),
    );
    expect(assignment.numPositives[0]).toBeGreaterThan(0);
    expect("loss_centerness" in values).toBe(name.startsWith("atss") || name === "fcos");
    for (const value of Object.values(values)) expect(value).toBeGreaterThan(0);
    expect(reached).toBe(wanted);
    expect(norms.every(Number.isFinite)).toBe(true);
  });

  it.each(Object.entries(hard))("trains on when %s: finite losses, every parameter reached", async (_, gts) => {
    const { assignment, values, norms, reached, wanted } = await stepOf(detector, batchOf(gts, images));
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
    expect(norms.every(Number.isFinite)).toBe(true);
    expect(reached).toBe(wanted);
    const { loss_cls, ...others } = values;
    if (assignment.numPositives.some((count) => count > 0)) return;
    expect(Object.values(others).every((value) => Math.abs(value) === 0)).toBe(true);
  });

  it("takes another detector's labels with centres outside their boxes: finite losses", async () => {
    const batch = batchOf([[person], []], images);
    const tape = createTape();
    const out = tape.run(() => detector.predict(detector.features(images)));
    const own = await detector.assign(out, batch);
    const everywhere = {
      ...own,
      labels: own.labels.map(() => 1),
      matchedGt: own.labels.map(() => 0),
      boxes: own.boxes.map((_, at) => person[at & 3]!),
    };
    const losses = tape.run(() => detector.loss(out, everywhere, batch));
    expect(Object.values(losses).every((loss) => Number.isFinite(loss.dataSync()[0]!))).toBe(true);
    tape.end();
  });

  it("detects, and hands out what terms ask for", async () => {
    const tape = createTape();
    const out = tape.noGrad(() => detector.predict(detector.features(images)));
    const [first] = await expectNoLeak(() => detector.detect(out, [sizes, sizes], { scoreThreshold: 1e-4 }));
    expect(first!.scores.length).toBeGreaterThan(0);
    expect([...first!.scores]).toEqual([...first!.scores].sort((a, b) => b - a));
    expect(Math.max(...first!.boxes.data)).toBeLessThanOrEqual(48);
    const anchors = name === "retina" ? 96 * 2 : 96;
    tape.noGrad(() => {
      expect(detector.classLogits(out)[0]!.shape[1]).toBe(anchors);
      expect(detector.boxes(out, [sizes, sizes])[0]!.shape).toEqual([2, anchors, 4]);
      expect(detector.levels(detector.fromLevels(detector.levels(detector.features(images))))).toHaveLength(5);
    });
    tape.end();
  });
});
