import { countBoxes } from "@lad/boxes";
import { type Detections, LadError } from "@lad/core";
import { averagePrecision } from "./average-precision";
import { classCurve } from "./class-curve";
import { classDetections } from "./class-detections";
import { floatMean } from "./float-mean";
import { vocThresholds } from "./voc-thresholds";
import type { EvaluateVocOptions, VocClassResult, VocEvaluation, VocImage } from "./voc-types";

/**
 * PASCAL VOC average precision, mean over classes and IoU thresholds, as the LD repository (arXiv:2102.12252) reports it.
 * @param images the objects of every image. @param detections of the same images, in the same order; boxes xyxy, px, without +1.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT for a label or an option outside its domain, NON_FINITE.
 * Numerics follow mmdet 2.10 `eval_map`, with equal scores in the order of images and rows.
 */
export function evaluateVoc(
  images: readonly VocImage[],
  detections: readonly Detections[],
  { classes, iouThresholds = vocThresholds(), interpolation = "area", sideRange }: EvaluateVocOptions,
): VocEvaluation {
  checkImages(images, detections, classes.length);
  const thresholds = checkedThresholds(iouThresholds);
  if (interpolation !== "area" && interpolation !== "11points") {
    throw invalid(`interpolation must be "area" or "11points", got "${interpolation}"`);
  }
  const areas = checkedAreas(sideRange);
  const perClass = classes.map((name, label): VocClassResult => {
    const found = classDetections(images, detections, label, areas);
    const curves = Array.from(thresholds, (threshold) => classCurve(found, threshold));
    return {
      name,
      gts: found.counted.reduce((sum, counts) => sum + counts, 0),
      dets: found.scores.length,
      recall: Float64Array.from(curves, ({ recall }) => recall.at(-1) ?? 0),
      ap: Float32Array.from(curves, ({ recall, precision }) => averagePrecision(recall, precision, interpolation)),
      curves,
    };
  });
  const measured = perClass.filter(({ gts }) => gts > 0);
  const meanAp = Float32Array.from(thresholds, (_, t) => floatMean(Float32Array.from(measured, ({ ap }) => ap[t]!)));
  const ap = meanAp.reduce((sum, mean) => sum + mean, 0) / meanAp.length;
  return { iouThresholds: thresholds, interpolation, meanAp, ap, perClass };
}

function checkImages(images: readonly VocImage[], detections: readonly Detections[], classes: number): void {
  if (images.length !== detections.length) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `evaluateVoc: ${images.length} images need as many lists of detections, got ${detections.length}`,
    );
  }
  for (const [index, { boxes, labels, difficult }] of images.entries()) {
    const where = `evaluateVoc: images[${index}]`;
    checkRows(where, countBoxes(boxes, where), { labels, ...(difficult && { difficult }) });
    checkValues(where, boxes.data, labels, classes);
  }
  for (const [index, { boxes, labels, scores }] of detections.entries()) {
    const where = `evaluateVoc: detections[${index}]`;
    checkRows(where, countBoxes(boxes, where), { labels, scores });
    checkValues(where, boxes.data, labels, classes);
    if (!scores.every(Number.isFinite)) throw new LadError("NON_FINITE", `${where} has a score that is not finite`);
  }
}

function checkRows(where: string, count: number, lists: Readonly<Record<string, ArrayLike<number>>>): void {
  for (const [name, { length }] of Object.entries(lists)) {
    if (length === count) continue;
    throw new LadError("SHAPE_MISMATCH", `${where}: ${count} boxes need as many ${name}, got ${length}`);
  }
}

function checkValues(where: string, boxes: Float32Array, labels: Int32Array, classes: number): void {
  if (!boxes.every(Number.isFinite)) throw new LadError("NON_FINITE", `${where} has a box that is not finite`);
  const outside = labels.find((label) => label < 0 || label >= classes);
  if (outside === undefined) return;
  throw new LadError("INVALID_ARGUMENT", `${where} has label ${outside}, but there are ${classes} classes`);
}

function checkedThresholds(given: ArrayLike<number>): Float64Array {
  const thresholds = Float64Array.from(given);
  if (thresholds.length > 0 && thresholds.every((value) => value > 0 && value <= 1)) return thresholds;
  throw invalid(`iouThresholds must be numbers in (0, 1], got [${thresholds}]`);
}

function checkedAreas(range: EvaluateVocOptions["sideRange"]): readonly [number, number] | undefined {
  if (!range) return undefined;
  const [low, high] = range;
  if (low >= 0 && high >= low) return [low ** 2, high ** 2];
  throw invalid(`sideRange must be [low, high] with 0 <= low <= high, px, got [${range}]`);
}

function invalid(problem: string): LadError {
  return new LadError("INVALID_ARGUMENT", `evaluateVoc: ${problem}`);
}
