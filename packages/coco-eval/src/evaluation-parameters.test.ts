import { ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { evaluationParameters } from "./evaluation-parameters";
import { namedStats } from "./named-stats";
import { readGroundTruth } from "./read-ground-truth";
import { positionsWhere, range, selectCells } from "./select-cells";

const truth = readGroundTruth({
  images: [{ id: 9 }, { id: 4 }, { id: 9 }],
  categories: [{ id: 7 }, { id: 2 }, { id: 7 }],
  annotations: [],
});

describe("evaluationParameters", () => {
  it("has pycocotools' defaults, in its very doubles", () => {
    const { iouThresholds, recallThresholds, maxDetections, areaRanges } = evaluationParameters(truth);
    expect([iouThresholds.length, iouThresholds[0], iouThresholds[5], iouThresholds[9]]).toEqual([10, 0.5, 0.75, 0.95]);
    expect([recallThresholds.length, recallThresholds[57], recallThresholds[100]]).toEqual([
      101, 0.5700000000000001, 1,
    ]);
    expect(maxDetections).toEqual([1, 10, 100]);
    expect(areaRanges.map(({ min, max }) => [min, max])).toEqual([
      [0, 1e10],
      [0, 32 ** 2],
      [32 ** 2, 96 ** 2],
      [96 ** 2, 1e10],
    ]);
  });

  it("sorts ids and takes each once; pooled categories stay as they are", () => {
    const { imageIds, categoryIds } = evaluationParameters(truth);
    expect([Array.from(imageIds), Array.from(categoryIds)]).toEqual([
      [4, 9],
      [2, 7],
    ]);
    expect(Array.from(evaluationParameters(truth, { useCategories: false }).categoryIds)).toEqual([2, 7, 7]);
    const pooled = evaluationParameters(truth, { useCategories: false, categoryIds: [7, 2], maxDetections: [9, 3, 3] });
    expect([Array.from(pooled.categoryIds), pooled.maxDetections]).toEqual([
      [7, 2],
      [3, 3, 9],
    ]);
  });
});

describe("selectCells", () => {
  const data = Float64Array.from(range(2 * 3 * 2 * 2 * 2)); // [T, R, K, A, M]
  it("takes cells in the order of the axes", () => {
    const cells = selectCells(ndArray(data, [2, 3, 2, 2, 2]), {
      thresholds: [1],
      columns: [0],
      areas: [1],
      limits: [0],
    });
    expect(Array.from(cells)).toEqual([26, 34, 42]);
    expect(selectCells(ndArray(data, [2, 3, 2, 2, 2]), { areas: [], limits: [0] })).toHaveLength(0);
  });

  it("takes arrays without recall levels too", () => {
    expect(
      Array.from(selectCells(ndArray(data, [6, 2, 2, 2]), { thresholds: [0, 5], areas: [0], limits: [1] })),
    ).toEqual([1, 5, 41, 45]);
    expect(positionsWhere([3, 1, 3], (value) => value === 3)).toEqual([0, 2]);
  });
});

describe("namedStats", () => {
  it("takes AP at 100 detections only, and each threshold only where it is one", () => {
    const parameters = evaluationParameters(truth, {
      iouThresholds: [0.5, 0.6],
      maxDetections: [1, 10, 50],
      recallThresholds: [0.5],
    });
    const precision = ndArray(
      Float64Array.from(range(48), (i) => i / 100),
      [2, 1, 2, 4, 3],
    );
    const recall = ndArray(precision.data, [2, 2, 4, 3]);
    const stats = namedStats(precision, recall, parameters);
    expect(stats.map(({ name }) => name).join()).toBe("AP,AP50,AP75,APs,APm,APl,AR@1,AR@10,AR@50,ARs,ARm,ARl");
    expect(stats.slice(0, 3).map(({ value }) => value)).toEqual([-1, (0.02 + 0.14) / 2, -1]);
    expect(stats[6]!.value).toBeCloseTo((0 + 0.12 + 0.24 + 0.36) / 4, 15);
  });
});
