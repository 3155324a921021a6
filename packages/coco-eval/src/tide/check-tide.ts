import { LadError } from "@lad/core";
import type { CocoDetections, CocoGroundTruth } from "../coco-types";
import type { TideOptions } from "./tide-types";

/** @throws {LadError} INVALID_ARGUMENT for an option, SHAPE_MISMATCH, INVALID_DATA for an annotation without box, NON_FINITE. */
export function checkTide(
  { annotations }: CocoGroundTruth,
  { imageIds, categoryIds, boxes, scores }: CocoDetections,
  { foregroundIou, backgroundIou, maxDetections }: Required<TideOptions>,
): void {
  if (!(backgroundIou >= 0 && backgroundIou <= foregroundIou && foregroundIou > 0 && foregroundIou <= 1)) {
    const got = `backgroundIou ${backgroundIou}, foregroundIou ${foregroundIou}`;
    throw new LadError(
      "INVALID_ARGUMENT",
      `diagnoseErrors: 0 <= backgroundIou <= foregroundIou <= 1 was wanted, got ${got}`,
    );
  }
  if (!(maxDetections >= 1)) {
    throw new LadError("INVALID_ARGUMENT", `diagnoseErrors: maxDetections must be at least 1, got ${maxDetections}`);
  }
  const count = scores.length;
  if (!boxes) throw new LadError("INVALID_DATA", "diagnoseErrors: detections need boxes, [N * 4] xywh px");
  if (imageIds.length !== count || categoryIds.length !== count || boxes.length !== 4 * count) {
    const got = `imageIds ${imageIds.length}, categoryIds ${categoryIds.length}, boxes ${boxes.length}, scores ${count}`;
    throw new LadError("SHAPE_MISMATCH", `diagnoseErrors: detections must hold N, N, 4 N, N numbers, got ${got}`);
  }
  checkFinite(scores, (at) => `the score of detection ${at}`);
  checkFinite(boxes, (at) => `the box of detection ${at >> 2}`);
  const missing = annotations.boxes.findIndex((value) => !Number.isFinite(value));
  if (missing < 0) return;
  const id = annotations.ids[missing >> 2];
  throw new LadError("INVALID_DATA", `diagnoseErrors: annotation id ${id} needs "bbox", four finite numbers xywh px`);
}

function checkFinite(values: Float64Array, name: (at: number) => string): void {
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at]!)) continue;
    throw new LadError("NON_FINITE", `diagnoseErrors: ${name(at)} must be finite, got ${values[at]}`);
  }
}
