import { describe, expect, it } from "vitest";
import { columnAccumulator } from "./accumulate-column";
import type { CocoParameters } from "./coco-types";
import { FALSE_POSITIVE, IGNORED, MIXED, TRUE_POSITIVE } from "./match-column";

const parameters: CocoParameters = {
  iouType: "bbox",
  iouThresholds: Float64Array.of(0.5),
  recallThresholds: Float64Array.of(0, 0.5, 1),
  maxDetections: [1, 9],
  areaRanges: [{ label: "all", min: 0, max: 1e10 }],
  useCategories: true,
  categoryIds: Float64Array.of(1),
  keypointSigmas: Float64Array.of(1),
  imageIds: Float64Array.of(1),
};
const epsilon = 2 ** -52;

/** One area range, one threshold: `outcomes` in order of score, all of them on one image. */
function accumulate(outcomes: readonly number[], positives: number, changed: Partial<CocoParameters> = {}) {
  const used = { ...parameters, ...changed };
  const curve = new Float64Array(used.recallThresholds.length * 2).fill(-1);
  const results = { precision: curve, recall: new Float64Array(2).fill(-1), scores: curve.slice() };
  const matches = {
    ranks: Int32Array.from(outcomes.keys()),
    kinds: Uint8Array.from(outcomes, (outcome) => (outcome === TRUE_POSITIVE ? MIXED : outcome)),
    outcomes: Uint8Array.from(outcomes),
    positives: Int32Array.of(positives),
  };
  const scores = Float64Array.from(outcomes, (_, i) => 1 - i / 10);
  const byScore = { count: outcomes.length, order: matches.ranks, scores };
  columnAccumulator(1, positives, used, results)(0, matches, byScore);
  const limit = (data: Float64Array, m: number) => Array.from(data.filter((_, i) => i % 2 === m));
  return {
    first: { precision: limit(results.precision, 0), recall: results.recall[0] },
    all: { precision: limit(results.precision, 1), recall: results.recall[1], scores: limit(results.scores, 1) },
  };
}

describe("columnAccumulator", () => {
  it("makes precision fall with recall, and cuts each limit by itself", () => {
    const { first, all } = accumulate([FALSE_POSITIVE, TRUE_POSITIVE, TRUE_POSITIVE, FALSE_POSITIVE], 2);
    const best = 2 / (3 + epsilon);
    expect(all).toEqual({ precision: [best, best, best], recall: 1, scores: [1, 0.9, 0.8] });
    expect(first).toEqual({ precision: [0, 0, 0], recall: 0 });
  });

  it("passes over what is ignored", () => {
    const { all } = accumulate([IGNORED, TRUE_POSITIVE, IGNORED], 1);
    const best = 1 / (1 + epsilon);
    expect(all).toEqual({ precision: [best, best, best], recall: 1, scores: [1, 0.9, 0.9] });
  });

  it("gives 0 where the recall is not reached, and without detections", () => {
    const best = 1 / (1 + epsilon);
    expect(accumulate([TRUE_POSITIVE], 2).all).toEqual({ precision: [best, best, 0], recall: 0.5, scores: [1, 1, 0] });
    expect(accumulate([], 2).all).toEqual({ precision: [0, 0, 0], recall: 0, scores: [0, 0, 0] });
  });

  it("leaves -1 where nothing is to be found", () => {
    expect(accumulate([FALSE_POSITIVE], 0).all).toEqual({ precision: [-1, -1, -1], recall: -1, scores: [-1, -1, -1] });
  });

  it("stops at the first level out of reach, as the reference's loop does", () => {
    const { all } = accumulate([TRUE_POSITIVE], 2, { recallThresholds: Float64Array.of(0.5, 0.75, 0.1) });
    expect(all.precision).toEqual([1 / (1 + epsilon), 0, 0]);
  });

  it("reaches a level when found / positives does in doubles: 57 of 100 is below 57 hundredths", () => {
    const level = 57 * 0.01;
    expect(level).toBeGreaterThan(57 / 100);
    const found = (count: number) =>
      accumulate(Array(count).fill(TRUE_POSITIVE), 100, {
        maxDetections: [1, 100],
        recallThresholds: Float64Array.of(level),
      });
    expect([found(57).all.precision[0], found(58).all.precision[0]]).toEqual([0, 58 / (58 + epsilon)]);
  });
});
