import { ndArray } from "@lad/core";
import type { Dataset } from "@lad/data";
import { expect, test } from "vitest";
import { cocoMetrics, percent } from "./coco-metrics";
import { cocoDetections, groundTruthOfDataset } from "./ground-truth";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const none = boxes();
const image = (id: string, box: number[], label: number, difficult = 0) => ({
  id,
  file: `${id}.jpg`,
  width: 100,
  height: 100,
  boxes: boxes(box),
  labels: Int32Array.of(label),
  ignoreBoxes: none,
  difficult: Uint8Array.of(difficult),
});
/** A VOC data set: its images have names, not numbers. */
const dataset: Dataset = {
  name: "voc",
  classes: ["cell", "platelet"],
  categoryIds: [1, 2],
  images: [image("a", [10, 10, 50, 50], 0), image("b", [20, 20, 60, 60], 1), image("c", [0, 0, 40, 40], 1, 1)],
  warnings: [],
};
const found = (box: number[], label: number) => ({
  boxes: boxes(box),
  scores: Float32Array.of(0.9),
  labels: Int32Array.of(label),
});

test("a data set without COCO numbers is judged by its own boxes", () => {
  const results = new Map([
    ["a", found([10, 10, 50, 50], 0)],
    ["b", found([20, 20, 60, 60], 1)],
  ]);
  const metrics = cocoMetrics(groundTruthOfDataset(dataset), cocoDetections(dataset, results));
  expect(metrics.AP).toBeCloseTo(1, 10); // the difficult object of c need not be found
  expect(metrics).toMatchObject({ images: 3, detections: 2, classes: [{ name: "cell" }, { name: "platelet" }] });
});

test("a wrong class counts", () => {
  const results = new Map([["a", found([10, 10, 50, 50], 1)]]);
  expect(cocoMetrics(groundTruthOfDataset(dataset), cocoDetections(dataset, results)).AP).toBe(0);
});

test("finding nothing is 0, not an error", () => {
  const metrics = cocoMetrics(groundTruthOfDataset(dataset), cocoDetections(dataset, new Map()));
  expect(metrics).toMatchObject({ AP: 0, detections: 0 });
});

test("per cent as in papers", () => {
  expect([percent(0.4761), percent(0), percent(-1)]).toEqual(["47.6", "0.0", "-"]);
});
