import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import { type DistributionDetector, gfl } from "@lad/detectors";
import { gflHead, gflV2Head } from "@lad/heads";
import { createTape, disposeParams, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, batchOf, different, imagesOf, tinyNetworks } from "../test/tiny";
import {
  type AnyTerm,
  decoupledImitation,
  distill,
  featureImitation,
  giCells,
  imitationAdapter,
  imitationCells,
} from "./index";
import { objectMasks } from "./object-masks";

const options = { classes: 2, in: 4, channels: 4, groups: 2, stackedConvs: 1 };
const boxes = [
  [10, 8, 60, 50],
  [30, 4, 90, 60],
];

describe("imitationCells", () => {
  const anchors = ndArray(Float32Array.of(0, 0, 10, 10, 6, 6, 14, 14, 20, 20, 30, 30), [3, 4]); // centres 5, 10, 25
  const gts = ndArray(Float32Array.of(0, 0, 10, 10, 9, 9, 12, 12), [2, 4]);
  const all = Uint8Array.of(1, 1, 1);

  it("fitnet: centres strictly inside an object; fine-grained: more than half of the best IoU", () => {
    expect([...imitationCells(anchors, gts, all, "fitnet")]).toEqual([1, 1, 0]);
    expect([...imitationCells(anchors, gts, all, "fineGrained")]).toEqual([1, 1, 0]);
    expect([...imitationCells(anchors, gts, Uint8Array.of(0, 1, 1), "fitnet")]).toEqual([0, 1, 0]);
    // without the first anchor the second is the best of both objects
    expect([...imitationCells(anchors, gts, Uint8Array.of(0, 1, 1), "fineGrained")]).toEqual([0, 1, 0]);
    const onEdge = ndArray(Float32Array.of(5, 0, 9, 9), [1, 4]);
    expect([...imitationCells(anchors, onEdge, all, "fitnet")]).toEqual([0, 0, 0]);
    const none = ndArray(new Float32Array(0), [0, 4]);
    for (const region of ["fitnet", "fineGrained"] as const)
      expect([...imitationCells(anchors, none, all, region)]).toEqual([0, 0, 0]);
  });
});

describe("objectMasks", () => {
  it("puts an object on one level by its size, over the cells it spans, at least one", () => {
    const sizes = [
      { height: 8, width: 16 },
      { height: 4, width: 8 },
    ];
    const gts = [
      ndArray(Float32Array.of(8, 16, 40, 40, 1, 1, 3, 3), [2, 4]),
      ndArray(Float32Array.of(0, 0, 128, 64), [1, 4]),
    ];
    const [fine, coarse] = objectMasks(gts, [8, 16], sizes);
    const cells = [...fine!.keys()].filter((cell) => fine![cell] && cell < 128);
    // columns 1 to 4, rows 2 to 4 of image 0, and the first cell for the small one
    expect(cells).toEqual([0, ...[2, 3, 4].flatMap((y) => [1, 2, 3, 4].map((x) => y * 16 + x))]);
    // 129 × 65 px: level floor(log2(91.6 / 56)) = 0, so the large one of image 1 is on the fine level too
    expect(fine!.subarray(128).every((value) => value === 0)).toBe(false);
    expect(coarse!.some((value) => value > 0)).toBe(false);
    const [, large] = objectMasks([ndArray(Float32Array.of(0, 0, 128, 127), [1, 4])], [8, 16], sizes);
    expect(large!.every((value) => value === 1)).toBe(true);
  });
});

describe.each(["gfl", "gflV2"])("feature imitation of %s", (version) => {
  const make = (out = 4) => {
    const head = { ...options, in: out };
    return gfl({ ...tinyNetworks(out), head: version === "gfl" ? gflHead(head) : gflV2Head(head) });
  };
  let student: DistributionDetector;
  let teacher: DistributionDetector;
  let images: tf.Tensor4D;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    [student, teacher, images] = [make(), different(make()), imagesOf(2)];
  });
  afterAll(() => {
    for (const { params } of [student, teacher]) disposeParams(params);
    images.dispose();
  });

  const step = (term: AnyTerm<tf.Tensor4D[], never>, gts: number[][][], others: tf.Variable[] = []) =>
    expectNoLeak(async () => {
      const tape = createTape();
      try {
        const { losses, metrics } = await distill(student, [term], []).step(tape, batchOf(images, ...gts), at);
        const gradients = tape.gradients({ loss: losses.loss_im! }, [...trainableVariables(student.params), ...others]);
        const finite = [...gradients.values()].every((gradient) => gradient.dataSync().every(Number.isFinite));
        const adapted = others.filter((variable) =>
          gradients
            .get(variable)
            ?.dataSync()
            .some((value) => value !== 0),
        );
        return { value: losses.loss_im!.dataSync()[0]!, metrics, finite, adapted: adapted.length };
      } finally {
        tape.end();
      }
    });

  it.each(["gi", "fitnet", "fineGrained"] as const)(
    "%s: pulls features together where it looks, nothing where they agree",
    async (region) => {
      const { value, metrics, finite } = await step(featureImitation(student, teacher, { region }), [boxes, []]);
      expect(value).toBeGreaterThan(0);
      expect(metrics.imitated).toBeGreaterThan(0);
      expect(finite).toBe(true);
      expect((await step(featureImitation(student, student, { region }), [boxes, []])).value).toBe(0);
      const empty = await step(featureImitation(student, teacher, { region }), [[], []]);
      expect([empty.value, empty.finite]).toEqual([0, true]);
    },
  );

  it("decoupled: objects and background apart; finite without objects", async () => {
    const { value, finite } = await step(decoupledImitation(student, teacher), [boxes, []]);
    expect([value > 0, finite]).toEqual([true, true]);
    const onlyBackground = await step(decoupledImitation(student, teacher, { foregroundWeight: 0 }), [[], []]);
    const both = await step(decoupledImitation(student, teacher), [[], []]);
    expect(both.value).toBeCloseTo(onlyBackground.value, 5);
    expect(both.finite).toBe(true);
  });

  it("needs an adapter where widths differ, which learns too", async () => {
    const wide = different(make(6));
    await expect(step(featureImitation(student, wide, { region: "fitnet" }), [boxes, []])).rejects.toThrow(
      "level 0 of the student is [2,8,12,4], the teacher's [2,8,12,6]; give an imitationAdapter",
    );
    const adapter = imitationAdapter({ in: 4, out: 6 });
    const learning = trainableVariables(adapter.params);
    for (const term of [
      featureImitation(student, wide, { region: "fitnet", adapter }),
      decoupledImitation(student, wide, { adapter }),
    ]) {
      expect(distill(student, [term], []).networks.adapter).toBe(adapter);
      expect((await step(term, [boxes, []], learning)).adapted).toBeGreaterThan(0);
    }
    for (const { params } of [wide, adapter]) disposeParams(params);
  });

  it("general instances: at most ten a level over the whole batch, overlapping ones once", async () => {
    const tape = createTape();
    const [own, taught] = tape.noGrad(() =>
      [student, teacher].map((network) => network.predict(network.features(images))),
    );
    const batch = batchOf(images, [], []);
    const find = (gi = {}) => giCells({ detector: student, out: own! }, { detector: teacher, out: taught! }, batch, gi);
    const levels = await expectNoLeak(() => find());
    expect(levels.map((rows) => rows.length <= 10)).toEqual([true, true, true, true, true]);
    expect(new Set(levels[0]).size).toBe(levels[0]!.length);
    const all = await find({ iouThreshold: 1, perLevel: 1000 });
    expect(all.map((rows) => rows.length)).toEqual([192, 48, 12, 4, 2]);
    expect(all[0]![0]).toBe(levels[0]![0]);
    tape.end();
  });
});
