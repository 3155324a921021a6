import { gridAnchors } from "@lad/boxes";
import { LadError, ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { assignFcos } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const none = boxes();

/** Points at the centres of 8 px and of 16 px cells over 64 × 64 px. */
const grid = { strides: [8, 16], scale: 8, scalesPerOctave: 1, ratios: [1], offset: 0.5 };
const levels = gridAnchors(grid, [
  { height: 8, width: 8 },
  { height: 4, width: 4 },
]);
const levelSizes = [64, 16];
const anchors = boxes(
  ...levels.flatMap(({ data }) => Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(i * 4, i * 4 + 4)])),
);
const options = {
  classes: 2,
  strides: grid.strides,
  ranges: [
    [-1, 16],
    [16, 1e8],
  ] as [number, number][],
};
const batchOf = (...gts: number[][]) => ({
  boxes: [boxes(...gts)],
  labels: [Int32Array.from(gts, (_, gt) => gt % 2)],
  ignoreBoxes: [none],
});
const matchedPoints = (...args: Parameters<typeof assignFcos>) => {
  const { matchedGt } = assignFcos(...args);
  return [...matchedGt.keys()].filter((point) => matchedGt[point]! >= 0);
};

describe("assignFcos", () => {
  it("takes the points strictly inside whose largest distance fits the level", () => {
    // 16 × 16 px around (16, 16): the fine points at 12 and 20
    const all = matchedPoints(anchors, levelSizes, batchOf([8, 8, 24, 24]), {
      ...options,
      radius: Number.POSITIVE_INFINITY,
    });
    expect(all).toEqual([9, 10, 17, 18]);
    // 40 × 40 px: too large for the fine level
    const large = matchedPoints(anchors, levelSizes, batchOf([4, 4, 44, 44]), {
      ...options,
      radius: Number.POSITIVE_INFINITY,
    });
    expect(large.every((point) => point >= 64)).toBe(true);
    expect(large).toHaveLength(9);
  });

  it("centre sampling keeps points near the centre", () => {
    const near = matchedPoints(anchors, levelSizes, batchOf([0, 0, 60, 60]), { ...options, radius: 0.8 });
    // centre 30, reach 12.8: coarse points at 24 and 40
    expect(near).toEqual([64 + 5, 64 + 6, 64 + 9, 64 + 10]);
  });

  it("gives a point of several ground truths to the smallest, of equals to the first", () => {
    const batch = batchOf([8, 8, 24, 24], [9, 9, 23, 23], [9, 9, 23, 23]);
    const { matchedGt, labels, numPositives, labelWeights } = assignFcos(anchors, levelSizes, batch, options);
    expect([matchedGt[9], labels[9], numPositives[0]]).toEqual([1, 1, 4]);
    expect(labelWeights.every((weight) => weight === 1)).toBe(true);
  });

  it("leaves an image without ground truths, and one smaller than a stride, to background", () => {
    const empty = assignFcos(anchors, levelSizes, batchOf(), options);
    expect([empty.numPositives[0], empty.labels[0]]).toEqual([0, 2]);
    expect(assignFcos(anchors, levelSizes, batchOf([13, 13, 15, 15]), options).numPositives[0]).toBe(0);
  });

  it("refuses strides, ranges and labels that do not fit", () => {
    expect(() => assignFcos(anchors, levelSizes, batchOf(), { ...options, strides: [8] })).toThrow(
      "2 levels, got 1 strides and 2 ranges",
    );
    try {
      assignFcos(anchors, levelSizes, { ...batchOf([0, 0, 9, 9]), labels: [Int32Array.of(5)] }, options);
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
      expect(String(error)).toContain("labels must be in [0, 2), got 5");
    }
  });
});
