import { type NdArray, ndArray } from "@lad/core";
import { accumulateColumn } from "./accumulate-column";
import { classResults } from "./class-results";
import type {
  CocoAnnotations,
  CocoDetections,
  CocoEvaluation,
  CocoGroundTruth,
  CocoIouType,
  CocoParameters,
  EvaluateCocoOptions,
} from "./coco-types";
import { detectionGeometry } from "./detection-geometry";
import { evaluationParameters } from "./evaluation-parameters";
import { gather, gatherDoubles } from "./gather";
import { groupAnnotations } from "./group-annotations";
import { groupDetections } from "./group-detections";
import { type Grouping, grouping } from "./group-rows";
import { imageMatcher } from "./image-matches";
import { labelledCount } from "./keypoint-similarity";
import { columnMatcher, type MatchInputs } from "./match-column";
import { namedStats } from "./named-stats";
import { similarityOf } from "./similarity-of";

/**
 * COCO detection metrics, equal to pycocotools 2.0 (`COCOeval`: evaluate, accumulate, summarize) to the last bit, ties,
 * crowds and duplicate ids included; for boxes, masks, or keypoints (OKS within rounding of exp). Boxes are xywh px; areas are
 * the annotations' own, of detections w · h (see `CocoDetections`).
 *
 * Without any detection, where pycocotools fails, AP and AR are 0 (-1 where there is no ground truth either). Detections of
 * unknown categories are dropped; inputs are neither changed nor copied.
 * @returns The stats, and precision, recall and scores by threshold, recall level, category, area range and limit.
 * @throws {LadError} INVALID_DATA for detections on unknown images and for evaluated annotations that lack what they need;
 * NON_FINITE for scores or boxes that are not finite; SHAPE_MISMATCH; INVALID_ARGUMENT for options, or without masks or
 * keypoints to compare.
 */
export function evaluateCoco(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  options: EvaluateCocoOptions = {},
): CocoEvaluation {
  const parameters = evaluationParameters(groundTruth, options);
  const { imageIds, categoryIds, useCategories } = parameters;
  const groups = grouping(imageIds, categoryIds, useCategories);
  const inputs = matchInputs(groundTruth, detections, parameters, groups);
  const arrays = accumulate(inputs, detections.scores, parameters, groups.columns);
  const named = namedStats(arrays.precision, arrays.recall, parameters);
  return {
    parameters,
    stats: Float64Array.from(named, ({ value }) => value),
    namedStats: named,
    ...arrays,
    perClass: classResults(arrays.precision, arrays.recall, parameters, groundTruth.categories),
    imageMatches: imageMatcher(inputs, groups),
  };
}

function matchInputs(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  parameters: CocoParameters,
  groups: Grouping,
): MatchInputs {
  const { annotations } = groundTruth;
  const { iouType } = parameters;
  const { boxes, areas } = detectionGeometry(detections, "evaluateCoco");
  const grouped = groupDetections({ ...detections, boxes }, groundTruth, groups);
  return {
    similarity: similarityOf(groundTruth, { ...detections, boxes }, parameters),
    annotationAreas: annotations.areas,
    isCrowd: annotations.isCrowd,
    isIgnored: ignoredAnnotations(annotations, iouType),
    thresholds: parameters.iouThresholds,
    areaRanges: parameters.areaRanges,
    detections: grouped,
    annotations: groupAnnotations(annotations, groups, iouType),
    detectionRows: gather(grouped.rowOf, grouped.byImage),
    detectionAreas: areas,
    annotationIds: annotations.ids,
    limit: parameters.maxDetections[parameters.maxDetections.length - 1]!,
  };
}

/** Crowds need not be found, nor objects without labelled keypoints where those are compared. */
function ignoredAnnotations({ isCrowd, keypoints, keypointCounts }: CocoAnnotations, iouType: CocoIouType): Uint8Array {
  if (iouType !== "keypoints" || !keypoints) return isCrowd;
  const length = keypoints.length / isCrowd.length;
  const isLabelled = (row: number) =>
    keypointCounts ? keypointCounts[row] !== 0 : labelledCount(keypoints, row * length, length) > 0;
  return isCrowd.map((crowd, row) => (crowd === 1 || !isLabelled(row) ? 1 : 0));
}

type Results = Record<"precision" | "recall" | "scores", NdArray<Float64Array>>;

function accumulate(inputs: MatchInputs, scores: Float64Array, parameters: CocoParameters, columns: number): Results {
  const { iouThresholds, recallThresholds, areaRanges, maxDetections } = parameters;
  const cells = [columns, areaRanges.length, maxDetections.length];
  const curves = [iouThresholds.length, recallThresholds.length, ...cells];
  const results = {
    precision: filled(curves),
    recall: filled([iouThresholds.length, ...cells]),
    scores: filled(curves),
  };
  const arrays = { precision: results.precision.data, recall: results.recall.data, scores: results.scores.data };
  const { byImage, byScore, starts, rowOf } = inputs.detections;
  const numberOf = new Int32Array(rowOf.length); // of a slot in its column, in the order of byImage
  const match = columnMatcher(inputs);
  for (let column = 0; column < columns; column++) {
    const start = starts[column]!;
    const end = starts[column + 1]!;
    for (let i = start; i < end; i++) numberOf[byImage[i]!] = i - start;
    const slots = byScore.subarray(start, end);
    const byScoreOrder = { order: gather(numberOf, slots), scores: gatherDoubles(scores, gather(rowOf, slots)) };
    accumulateColumn(column, columns, match(column), byScoreOrder, parameters, arrays);
  }
  return results;
}

function filled(shape: readonly number[]): NdArray<Float64Array> {
  return ndArray(new Float64Array(shape.reduce((product, side) => product * side, 1)).fill(-1), shape);
}
