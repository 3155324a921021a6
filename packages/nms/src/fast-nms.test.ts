import { ndArray } from "@lad/core";
import { expect, it } from "vitest";
import { bestBoxes, classwiseNms, clusterDiouNms, fastNms, multiclassNms, shiftByClass, softNms } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
/** A chain: the first overlaps the second, the second the third, the first not the third. */
const chain = boxes([0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]);
const scores = Float32Array.of(0.9, 0.8, 0.7);
const labels = Int32Array.of(0, 0, 0);

it("fastNms lets dropped boxes suppress others", () => {
  expect(classwiseNms(chain, scores, labels)).toEqual(Int32Array.of(0, 2));
  expect(fastNms(chain, scores, labels)).toEqual(Int32Array.of(0));
  expect(fastNms(chain, scores, Int32Array.of(0, 1, 0))).toEqual(Int32Array.of(0, 1, 2));
});

it("fastNms looks at the best `perClass` of each class only", () => {
  expect(fastNms(chain, scores, Int32Array.of(0, 1, 0), { perClass: 1 })).toEqual(Int32Array.of(0, 1));
  expect(() => fastNms(chain, scores, labels, { perClass: 0 })).toThrow("perClass must be >= 1, got 0");
  expect(fastNms(boxes(), new Float32Array(0), new Int32Array(0))).toHaveLength(0);
});

it("bestBoxes ranks rows by their best class", () => {
  const table = ndArray(Float32Array.of(0.1, 0.2, 0.9, 0, 0.3, 0.4, 0.9, 0.1), [4, 2]);
  expect(bestBoxes(table, 2)).toEqual(Int32Array.of(1, 3));
  expect(bestBoxes(table, 4)).toEqual(Int32Array.of(0, 1, 2, 3));
  expect(() => bestBoxes(table, -1)).toThrow("bestBoxes: count must be >= 0, got -1");
});

it("multiclassNms takes the `topk` best boxes; sources are rows of all", () => {
  const table = ndArray(Float32Array.of(0.1, 0.2, 0.9, 0.8, 0.3, 0.95), [3, 2]);
  const { candidates, detections } = multiclassNms(chain, table, { topk: 2, iouThreshold: 1 });
  expect(new Set(candidates.sources)).toEqual(new Set([1, 2]));
  expect(detections.scores).toEqual(Float32Array.of(0.95, 0.9, 0.8, 0.3));
  expect(() => multiclassNms(chain, table, { topk: 0 })).toThrow("topk must be positive (Infinity for all), got 0");
});

it("multiclassNms suppresses by the function it is given", () => {
  const table = ndArray(Float32Array.of(0.9, 0, 0.8, 0, 0.7, 0.6), [3, 2]);
  const options = { iouThreshold: 0.5 };
  expect(multiclassNms(chain, table, { ...options, suppress: fastNms }).detections.labels).toEqual(Int32Array.of(0, 1));
  expect(multiclassNms(chain, table, { ...options, suppress: clusterDiouNms }).kept).toHaveLength(4);
  const soft = multiclassNms(chain, table, {
    ...options,
    suppress: (rows, best, ofClass, { limit }) => softNms(rows, best, { labels: ofClass, limit }),
  });
  expect(soft.detections.scores[0]).toBe(Math.fround(0.9));
  expect(soft.detections.scores.at(-1)).toBeLessThan(0.5);
});

it("shiftByClass moves both corners, in float32", () => {
  const moved = shiftByClass(boxes([0.1, 0, 1, 2]), Int32Array.of(2), 4000);
  expect(moved.data).toEqual(Float32Array.of(8000.1, 8000, 8001, 8002));
});
