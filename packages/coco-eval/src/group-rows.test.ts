import { describe, expect, it } from "vitest";
import { countingSort } from "./counting-sort";
import { grouping, poolCategories, positionsOf } from "./group-rows";
import { idIndex } from "./id-index";

describe("countingSort", () => {
  it("is stable, gives the bucket starts and leaves negative buckets out", () => {
    const { rows, starts } = countingSort(Int32Array.of(4, 3, 2, 1, 0), Int32Array.of(1, -1, 0, 1, 0), 3);
    expect(Array.from(rows)).toEqual([4, 2, 3, 0]);
    expect(Array.from(starts)).toEqual([0, 2, 4, 4]);
  });
});

describe("idIndex", () => {
  it.each([
    ["small ids", [5, 0, 9, 5], [5, 9, 4, 2.5, -1, 1e12], [0, 2, -1, -1, -1, -1]],
    ["large ids", [1e12, 3, 1e12, -2], [1e12, -2, 3, 4], [0, 3, 1, -1]],
    ["no ids", [], [0, 1], [-1, -1]],
  ])("finds the first position of %s", (_, ids, asked, positions) => {
    expect(Array.from(positionsOf(asked, idIndex(ids)))).toEqual(positions);
  });
});

describe("poolCategories", () => {
  it("puts rows in the order of the categories, a repeated one twice", () => {
    const groups = grouping(Float64Array.of(1), Float64Array.of(8, 3, 8), false);
    const positions = positionsOf([3, 8, 3, 99], groups.categoryIndex);
    expect(Array.from(poolCategories(Int32Array.of(0, 1, 2, 3), positions, groups))).toEqual([1, 0, 2, 1]);
  });
});
