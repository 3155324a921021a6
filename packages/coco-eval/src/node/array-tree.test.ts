import { expect, it } from "vitest";
import { inSharedMemory } from "./array-tree";
import { shareCategories } from "./share-categories";

it("copies arrays of an object into shared memory, and leaves the rest", () => {
  const tree = { a: Float64Array.of(1.5), b: { c: Int32Array.of(3), names: ["x"] }, n: 7, u: undefined };
  const shared = inSharedMemory(tree);
  expect(shared).toEqual(tree);
  expect(shared.a.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared.b.c.buffer).toBeInstanceOf(SharedArrayBuffer);
});

it("shares categories by their detections, every one once", () => {
  const ids = [5, 5, 5, 5, 5, 7, 7, 9, 9, 9, 4];
  const detections = {
    imageIds: new Float64Array(11),
    categoryIds: Float64Array.from(ids),
    scores: new Float64Array(11),
  };
  const parameters = { categoryIds: Float64Array.of(3, 5, 7, 9) } as Parameters<typeof shareCategories>[0];
  expect(shareCategories(parameters, detections, 2)).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(shareCategories(parameters, detections, 5).flat().sort()).toEqual([0, 1, 2, 3]);
});
