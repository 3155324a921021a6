import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CocoIouType, evaluateCoco, readDetections, readGroundTruth, summarize } from "../src/index";
import { type ReferenceParams, referenceOptions } from "./reference-options";

/**
 * Drawn scenes with ties, crowds, repeated and zero ids, negative sizes; polygons across the border, noise and empty masks,
 * masks of other sizes; objects of other keypoints than a person's. Expected values from pycocotools 2.0.11, numpy 2.4.
 */
type RandomCase = {
  readonly seed: number;
  readonly iouType?: CocoIouType;
  readonly groundTruth: object;
  readonly detections: object[];
  readonly params: ReferenceParams;
  readonly stats: number[];
  readonly text: string;
  readonly precision: number[];
  readonly recall: number[];
  readonly scores: number[];
};

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8");
const cases = ["random-cases", "random-mask-cases"].flatMap((name) => JSON.parse(read(name)) as RandomCase[]);

describe("evaluateCoco on drawn scenes", () => {
  it.each(cases)("seed $seed: every number and the printed table are pycocotools' own", (example) => {
    const { iouType = "bbox" } = example;
    const groundTruth = readGroundTruth(example.groundTruth, { iouType });
    const detections = readDetections(example.detections, { iouType, images: groundTruth.images }); // objects: JSON.stringify would lose -0
    const evaluation = evaluateCoco(groundTruth, detections, referenceOptions(example.params, iouType));
    expect(Array.from(evaluation.precision.data)).toEqual(example.precision);
    expect(Array.from(evaluation.recall.data)).toEqual(example.recall);
    expect(Array.from(evaluation.scores.data)).toEqual(example.scores);
    expect(Array.from(evaluation.stats)).toEqual(example.stats);
    expect(`${summarize(evaluation)}\n`).toBe(example.text);
  });

  it.each(cases)("seed $seed: text and objects read alike", ({ groundTruth, detections, iouType = "bbox" }) => {
    const text = JSON.stringify(detections, null, 1);
    expect(readDetections(text, { iouType })).toEqual(readDetections(JSON.parse(text), { iouType }));
    const truth = JSON.stringify(groundTruth, null, 2);
    expect(readGroundTruth(truth, { iouType })).toEqual(readGroundTruth(groundTruth, { iouType }));
  });
});
