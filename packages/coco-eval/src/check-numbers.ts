import { LadError } from "@lad/core";
import type { CocoDetections } from "./coco-types";

/**
 * Checks that a set of detections fits together, and that scores and boxes of the rows from `start` to before `end` are
 * finite. `who` begins the message.
 * @throws {LadError} SHAPE_MISMATCH, NON_FINITE.
 */
export function checkNumbers(who: string, detections: CocoDetections, start: number, end: number): void {
  checkLengths(who, detections);
  const { boxes, scores } = detections;
  checkFinite(scores, start, end, (at) => `${who}: the score of detection ${at}`);
  if (boxes) checkFinite(boxes, 4 * start, 4 * end, (at) => `${who}: the box of detection ${at >> 2}`);
}

function checkLengths(who: string, { imageIds, categoryIds, boxes, scores, areas, masks }: CocoDetections): void {
  const rows = scores.length;
  const wanted = [
    ["imageIds", imageIds, rows],
    ["categoryIds", categoryIds, rows],
    ["boxes", boxes, 4 * rows],
    ["areas", areas, rows],
    ["sizes of masks", masks?.sizes, 2 * rows],
  ] as const;
  for (const [name, values, length] of wanted) {
    if (values === undefined || values.length === length) continue;
    const what = `${name} of ${rows} detections (as many as scores) must hold ${length} numbers`;
    throw new LadError("SHAPE_MISMATCH", `${who}: ${what}, got ${values.length}`);
  }
}

function checkFinite(values: Float64Array, start: number, end: number, name: (at: number) => string): void {
  for (let at = start; at < end; at++) {
    if (Number.isFinite(values[at]!)) continue;
    throw new LadError("NON_FINITE", `${name(at)} must be finite, got ${values[at]}`);
  }
}
