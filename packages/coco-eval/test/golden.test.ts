import { describe, expect, it } from "vitest";
import { type CocoEvaluation, type CocoGroundTruth, evaluateCoco, readDetections, readGroundTruth } from "../src/index";
import {
  type ErrorCase,
  type GoldenImage,
  goldenBytes,
  goldenCases,
  goldenDetections,
  goldenDoubles,
  goldenErrorCases,
  goldenRuns,
} from "./golden-case";
import { referenceOptions } from "./reference-options";

const runs = goldenCases().flatMap((name) => goldenRuns(name).map((run, number) => ({ name, number, run })));

describe("evaluateCoco against the original COCO API", () => {
  it.each(runs)("$name, run $number", ({ name, run }) => {
    const { iouType } = run;
    const groundTruth = readGroundTruth(goldenBytes(`${name}.gt.json`), { iouType });
    const detections = readDetections(goldenDetections(name, run), { iouType });
    const evaluation = evaluateCoco(groundTruth, detections, referenceOptions(run.paramsOverride, iouType));
    expect(evaluation.precision.shape).toEqual(run.counts);
    expect(Array.from(evaluation.parameters.imageIds)).toEqual(run.imgIds);
    expect(worstDifference(evaluation.stats, run.stats)).toBeLessThan(1e-12);
    expect(Array.from(evaluation.recall.data)).toEqual(run.recall.flat(3));
    expect(worstDifference(meanOverRecall(evaluation), run.precisionMeanOverRecall.flat(3) as number[])).toBeLessThan(
      1e-12,
    );
    for (const { categoryId, ap, ap50, ar } of evaluation.perClass) {
      const expected = run.perClass[categoryId]!;
      const values = [expected.AP, expected.AP50, expected.AR].map((value) => value ?? -1);
      expect(worstDifference([ap, ap50, ar], values)).toBeLessThan(1e-12);
    }
    for (const kind of ["precision", "recall", "scores"] as const) {
      if (run.arrays) expect(Array.from(evaluation[kind].data)).toEqual(goldenDoubles(run.arrays, kind));
    }
    for (const image of run.evalImgs ?? []) expect(imageOf(evaluation, groundTruth, image)).toEqual(image);
  });

  it.each([{ case: "an empty file", gt: {}, dt: [] }, ...goldenErrorCases()])("errors: $case", (example) => {
    const { paramsOverride = {}, iouType = "bbox" } = example as Partial<ErrorCase>;
    const run = () => {
      const groundTruth = readGroundTruth(example.gt, { iouType });
      const detections = readDetections(example.dt, { iouType });
      return evaluateCoco(groundTruth, detections, referenceOptions(paramsOverride, iouType));
    };
    if ("result" in example && example.result) {
      expect(Array.from(run().stats)).toEqual(example.result.stats);
    } else if (example.case === "no_detections_at_all") {
      expect(Array.from(run().stats)).toEqual([0, 0, 0, 0, -1, -1, 0, 0, 0, 0, -1, -1]); // better than the reference's failure
    } else expect(run).toThrow(/^(evaluateCoco|readDetections|readGroundTruth): .+/);
  });
});

function worstDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return Array.from(ours, (value, i) => Math.abs(value - theirs[i]!)).reduce((a, b) => Math.max(a, b), 0);
}

function meanOverRecall({ precision: { data, shape } }: CocoEvaluation): number[] {
  const [thresholds, levels, ...rest] = shape as [number, number, number, number, number];
  const cells = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: thresholds * cells }, (_, i) => {
    const start = Math.floor(i / cells) * levels * cells + (i % cells);
    let sum = 0;
    for (let level = 0; level < levels; level++) sum += data[start + level * cells]!;
    return sum / levels;
  });
}

/** Our matches of an image in the reference's terms: ids instead of rows, ignored annotations last. */
function imageOf(evaluation: CocoEvaluation, { annotations }: CocoGroundTruth, expected: GoldenImage): GoldenImage {
  const { image_id, category_id, aRng } = expected;
  const found = evaluation.imageMatches(image_id, category_id);
  const area = found.areaRanges.find(({ areaRange }) => areaRange.min === aRng[0] && areaRange.max === aRng[1])!;
  const order = Array.from(found.annotations.keys()).sort(
    (a, b) => area.ignoredAnnotation[a]! - area.ignoredAnnotation[b]!,
  );
  const gtId = (g: number) => (g < 0 ? 0 : annotations.ids[found.annotations[g]!]!);
  const dtId = (d: number) => (d < 0 ? 0 : found.detections[d]! + 1);
  const rows = (data: ArrayLike<number>, count: number): number[][] =>
    Array.from(evaluation.parameters.iouThresholds, (_, t) =>
      Array.from({ length: count }, (_, i) => data[t * count + i]!),
    );
  const [detections, gts] = found.ious.shape as [number, number];
  return {
    image_id,
    category_id,
    aRng,
    dtIds: Array.from(found.detections, (row) => row + 1),
    gtIds: order.map(gtId),
    dtMatches: rows(area.matchedAnnotation.data, detections).map((row) => row.map(gtId)),
    gtMatches: rows(area.matchedDetection.data, gts).map((row) => order.map((g) => dtId(row[g]!))),
    dtIgnore: rows(area.ignoredDetection.data, detections),
    gtIgnore: order.map((g) => area.ignoredAnnotation[g]!),
    ...(expected.ious && {
      ious: Array.from({ length: expected.ious.length }, (_, d) =>
        Array.from(found.ious.data.slice(d * gts, (d + 1) * gts)),
      ),
    }),
  };
}
