import { countBoxes } from "@lad/boxes";
import { LadError, type NdArray } from "@lad/core";

/** Boxes with a score each, and a class each where classes are kept apart. */
export type ScoredBoxes = { readonly boxes: NdArray; readonly scores: Float32Array; readonly labels?: Int32Array };

/**
 * Number of boxes, after checking that scores and labels fit them.
 * @throws {LadError} SHAPE_MISMATCH, or INVALID_ARGUMENT for a negative label; the message begins with `where`.
 */
export function checkInput(where: string, { boxes, scores, labels }: ScoredBoxes): number {
  const count = countBoxes(boxes, where);
  if (scores.length !== count) {
    throw new LadError("SHAPE_MISMATCH", `${where}: ${count} boxes need as many scores, got ${scores.length}`);
  }
  if (labels && labels.length !== count) {
    throw new LadError("SHAPE_MISMATCH", `${where}: ${count} boxes need as many labels, got ${labels.length}`);
  }
  const negative = labels?.find((label) => label < 0);
  if (negative !== undefined) {
    throw new LadError("INVALID_ARGUMENT", `${where}: labels must be non-negative, got ${negative}`);
  }
  return count;
}

/** @throws {LadError} INVALID_ARGUMENT if a number lies outside [least, most] or is NaN. */
export function checkRange(where: string, name: string, value: number, least: number, most?: number): void {
  if (value >= least && (most === undefined || value <= most)) return;
  const wanted = most === undefined ? `>= ${least}` : `in [${least}, ${most}]`;
  throw new LadError("INVALID_ARGUMENT", `${where}: ${name} must be ${wanted}, got ${value}`);
}
