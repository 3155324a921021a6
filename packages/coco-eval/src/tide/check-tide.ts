import { LadError } from "@lad/core";
import { checkNumbers } from "../check-numbers";
import type { CocoDetections, CocoGroundTruth } from "../coco-types";
import type { TideOptions } from "./tide-types";

/** @throws {LadError} INVALID_ARGUMENT for an option, SHAPE_MISMATCH, INVALID_DATA for an annotation without box, NON_FINITE. */
export function checkTide(
  { annotations }: CocoGroundTruth,
  detections: CocoDetections,
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
  if (!detections.boxes) throw new LadError("INVALID_DATA", "diagnoseErrors: detections need boxes, [N * 4] xywh px");
  checkNumbers("diagnoseErrors", detections, 0, detections.scores.length);
  const missing = annotations.boxes.findIndex((value) => !Number.isFinite(value));
  if (missing < 0) return;
  const id = annotations.ids[missing >> 2];
  throw new LadError("INVALID_DATA", `diagnoseErrors: annotation id ${id} needs "bbox", four finite numbers xywh px`);
}
