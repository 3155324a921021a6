import { accumulateColumns, type CocoResults, roomForResults } from "./accumulate-columns";
import { checkDetections } from "./check-detections";
import { classResults } from "./class-results";
import type {
  CocoDetections,
  CocoEvaluation,
  CocoGroundTruth,
  CocoParameters,
  EvaluateCocoOptions,
} from "./coco-types";
import { detectionGeometry } from "./detection-geometry";
import { evaluationParameters } from "./evaluation-parameters";
import { grouping } from "./group-rows";
import { imageMatcher } from "./image-matches";
import { matchInputs } from "./match-inputs";
import { namedStats } from "./named-stats";
import { range } from "./select-cells";

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
  const complete = { ...detections, ...detectionGeometry(detections, "evaluateCoco") };
  checkDetections(complete, groundTruth);
  const inputs = matchInputs(groundTruth, complete, parameters, groups);
  const results = roomForResults(parameters, groups.columns);
  accumulateColumns(inputs, parameters, range(groups.columns), results);
  return describeResults(results, parameters, groundTruth, imageMatcher(inputs, groups));
}

/** An evaluation of its arrays: the numbers that are means over them. */
export function describeResults(
  results: CocoResults,
  parameters: CocoParameters,
  { categories }: CocoGroundTruth,
  imageMatches: CocoEvaluation["imageMatches"],
): CocoEvaluation {
  const named = namedStats(results.precision, results.recall, parameters);
  return {
    parameters,
    stats: Float64Array.from(named, ({ value }) => value),
    namedStats: named,
    ...results,
    perClass: classResults(results.precision, results.recall, parameters, categories),
    imageMatches,
  };
}
