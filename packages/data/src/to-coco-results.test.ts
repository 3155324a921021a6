import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { datasetImage, ladError } from "../test/helpers";
import { toCocoResults } from "./to-coco-results";

const dataset = { categoryIds: [7, 9], images: [datasetImage({ id: "a", cocoId: 42 }), datasetImage({ id: "b" })] };
const detections = (boxes: number[], scores: number[], labels: number[]) => ({
  boxes: ndArray(Float32Array.from(boxes), [labels.length, 4]),
  scores: Float32Array.from(scores),
  labels: Int32Array.from(labels),
});
type Entry = { image_id: number | string; category_id: number; bbox: [number, number, number, number]; score: number };
const read = (text: string) => JSON.parse(text) as Entry[];

describe("toCocoResults", () => {
  it("writes ids, categories and x, y, width, height", () => {
    const text = toCocoResults(dataset, [
      ["a", detections([1, 2, 4, 6.5], [0.5], [1])],
      ["b", detections([0, 0, 1, 1, 2, 2, 4, 4], [1, 0.25], [0, 1])],
    ]);
    expect(read(text)).toEqual([
      { image_id: 42, category_id: 9, bbox: [1, 2, 3, 4.5], score: 0.5 },
      { image_id: "b", category_id: 7, bbox: [0, 0, 1, 1], score: 1 },
      { image_id: "b", category_id: 9, bbox: [2, 2, 2, 2], score: 0.25 },
    ]);
  });

  it("reads back bit for bit, corners too", () => {
    const stream = random(1);
    const boxes = Array.from({ length: 400 }, () => stream.uniform() * 10 ** stream.integer(5)).map(Math.fround);
    boxes[0] = -0;
    boxes[1] = Math.fround(1e-30);
    const scores = Array.from({ length: 100 }, () => Math.fround(stream.uniform()));
    const entries = read(toCocoResults(dataset, new Map([["a", detections(boxes, scores, Array(100).fill(0))]])));
    entries.forEach(({ bbox: [x, y, width, height], score }, index) => {
      const [x1, y1, x2, y2] = boxes.slice(index * 4, index * 4 + 4) as [number, number, number, number];
      expect([Object.is(x, x1), Object.is(y, y1), Object.is(score, scores[index])]).toEqual([true, true, true]);
      expect([Math.fround(x + width), Math.fround(y + height)]).toEqual([x2, y2]);
    });
  });

  it("writes an empty list for no detections", () => {
    expect(read(toCocoResults(dataset, []))).toEqual([]);
    expect(read(toCocoResults(dataset, [["a", detections([], [], [])]]))).toEqual([]);
  });

  it.each([
    ["INVALID_DATA", 'image "c" is not in the data set', [["c", detections([], [], [])]]],
    [
      "INVALID_DATA",
      'image "a" is there twice',
      [
        ["a", detections([], [], [])],
        ["a", detections([], [], [])],
      ],
    ],
    ["INVALID_DATA", 'image "a": label 2, but there are 2 classes', [["a", detections([0, 0, 1, 1], [1], [2])]]],
    [
      "NON_FINITE",
      'image "b" has boxes or scores that are not finite',
      [["b", detections([0, Number.NaN, 1, 1], [1], [0])]],
    ],
    ["SHAPE_MISMATCH", "has boxes [1,4], 2 scores and 1 labels", [["b", detections([0, 0, 1, 1], [1, 1], [0])]]],
  ] as [string, string, [string, ReturnType<typeof detections>][]][])(
    "refuses with %s: %s",
    async (code, message, results) => {
      expect(await ladError(() => toCocoResults(dataset, results))).toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    },
  );
});
