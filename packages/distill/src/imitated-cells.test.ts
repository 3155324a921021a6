import type { Assignment } from "@lad/core";
import { expect, it } from "vitest";
import { imitatedCells } from "./imitated-cells";

const rows = [Int32Array.of(5, 4, 0), Int32Array.of(1)];
const numbers = (cells: readonly Int32Array[]) => cells.map((level) => [...level]);
/** Two images of 8 + 2 anchors with positives at rows of the flattened batch. */
function positivesAt(...positive: number[]): Assignment {
  const matchedGt = Int32Array.from({ length: 20 }, (_, row) => (positive.includes(row) ? 0 : -1));
  return { matchedGt, numPositives: Int32Array.of(0, 0) } as unknown as Assignment;
}

it("takes the cell of several anchors once", () => {
  const grid = { anchorsPerCell: 2, levelSizes: [8, 2] };
  expect(numbers(imitatedCells(rows, grid, undefined))).toEqual([[2, 0], [0]]);
  expect(numbers(imitatedCells(rows, { ...grid, anchorsPerCell: 1 }, undefined))).toEqual([[5, 4, 0], [1]]);
});

it("takes no cell of a level on which no image has a positive", () => {
  const grid = { anchorsPerCell: 1, levelSizes: [8, 2] };
  expect(numbers(imitatedCells(rows, grid, positivesAt(19)))).toEqual([[], [1]]); // the last anchor of the second image
  expect(numbers(imitatedCells(rows, grid, positivesAt(7)))).toEqual([[5, 4, 0], []]);
  expect(numbers(imitatedCells(rows, grid, positivesAt(17, 8)))).toEqual([[5, 4, 0], [1]]);
  expect(numbers(imitatedCells(rows, grid, positivesAt()))).toEqual([[], []]);
});
