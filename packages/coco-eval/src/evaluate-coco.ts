import { type NdArray, ndArray } from "@lad/core";
import { accumulateColumn } from "./accumulate-column";
import { boxSimilarity } from "./box-similarity";
import { classResults } from "./class-results";
import type {
  CocoDetections,
  CocoEvaluation,
  CocoGroundTruth,
  CocoParameters,
  EvaluateCocoOptions,
} from "./coco-types";
import { evaluationParameters } from "./evaluation-parameters";
import { gather, gatherDoubles } from "./gather";
import { groupAnnotations } from "./group-annotations";
import { groupDetections } from "./group-detections";
import { type Grouping, grouping } from "./group-rows";
import { imageMatcher } from "./image-matches";
import { columnMatcher, type MatchInputs } from "./match-column";
import { namedStats } from "./named-stats";

/**
 * COCO detection metrics, equal to pycocotools 2.0 (`COCOeval`: evaluate, accumulate, summarize) to the last bit, ties,
 * crowds and duplicate ids included. Boxes are xywh px; areas are the annotations' own, of detections w · h.
 *
 * Without any detection, where pycocotools fails, AP and AR are 0 (-1 where there is no ground truth either). Detections of
 * unknown categories are dropped; inputs are neither changed nor copied.
 * @returns The stats, and precision, recall and scores by threshold, recall level, category, area range and limit.
 * @throws {LadError} INVALID_DATA for detections on unknown images and for evaluated annotations without bbox, area or
 * iscrowd; NON_FINITE for scores or boxes that are not finite; SHAPE_MISMATCH; INVALID_ARGUMENT for options.
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
  const grouped = groupDetections(detections, groundTruth, groups);
  const { boxes } = detections;
  return {
    similarity: boxSimilarity(boxes, annotations.boxes, annotations.isCrowd),
    annotationAreas: annotations.areas,
    isCrowd: annotations.isCrowd,
    thresholds: parameters.iouThresholds,
    areaRanges: parameters.areaRanges,
    detections: grouped,
    annotations: groupAnnotations(annotations, groups),
    detectionRows: gather(grouped.rowOf, grouped.byImage),
    detectionAreas: boxAreas(boxes),
    annotationIds: annotations.ids,
    limit: parameters.maxDetections[parameters.maxDetections.length - 1]!,
  };
}

/** w · h of xywh boxes. */
function boxAreas(boxes: Float64Array): Float64Array {
  const areas = new Float64Array(boxes.length / 4);
  for (let row = 0; row < areas.length; row++) areas[row] = boxes[4 * row + 2]! * boxes[4 * row + 3]!;
  return areas;
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
