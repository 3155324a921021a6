import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluateCoco, readDetections, readGroundTruth, summarize } from "../src/index";
import { type ReferenceParams, referenceOptions } from "./reference-options";

/** Drawn scenes with ties, crowds, repeated and zero ids, negative sizes; expected values from pycocotools 2.0.11, numpy 2.4. */
type RandomCase = {
  readonly seed: number;
  readonly groundTruth: object;
  readonly detections: object[];
  readonly params: ReferenceParams;
  readonly stats: number[];
  readonly text: string;
  readonly precision: number[];
  readonly recall: number[];
  readonly scores: number[];
};

const file = new URL("./fixtures/random-cases.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as RandomCase[];

describe("evaluateCoco on drawn scenes", () => {
  it.each(cases)("seed $seed: every number and the printed table are pycocotools' own", (example) => {
    const evaluation = evaluateCoco(
      readGroundTruth(example.groundTruth),
      readDetections(example.detections), // objects: JSON.stringify would lose -0
      referenceOptions(example.params),
    );
    expect(Array.from(evaluation.precision.data)).toEqual(example.precision);
    expect(Array.from(evaluation.recall.data)).toEqual(example.recall);
    expect(Array.from(evaluation.scores.data)).toEqual(example.scores);
    expect(Array.from(evaluation.stats)).toEqual(example.stats);
    expect(`${summarize(evaluation)}\n`).toBe(example.text);
  });

  it.each(cases)("seed $seed: text and objects read alike", ({ groundTruth, detections }) => {
    const text = JSON.stringify(detections, null, 1);
    expect(readDetections(text)).toEqual(readDetections(JSON.parse(text)));
    expect(readGroundTruth(JSON.stringify(groundTruth, null, 2))).toEqual(readGroundTruth(groundTruth));
  });
});
