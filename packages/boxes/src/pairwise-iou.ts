import type { NdArray } from "@lad/core";
import { LadError, ndArray } from "@lad/core";
import { countAligned, countBoxes } from "./count-boxes";
import { type IouMode, type Overlap, overlaps } from "./overlap";

export type IouOptions = {
  /** Which measure; "iou" by default. */
  readonly mode?: IouMode;
  /** Lower bound of every denominator (union, area, hull: px^2). */
  readonly eps?: number;
};

/**
 * Overlap of every box of `a` with every box of `b`, in float32 arithmetic.
 * @param a [N, 4] xyxy, px. @param b [M, 4] xyxy, px. N and M may be 0.
 * @returns [N, M]; the same bits as `alignedIou` gives for the pair.
 * @throws {LadError} SHAPE_MISMATCH if an argument is not [·, 4]; INVALID_ARGUMENT for an unknown mode.
 * Numerics follow mmdet 2.10 `bbox_overlaps`.
 */
export function pairwiseIou(a: NdArray, b: NdArray, { mode = "iou", eps = 1e-6 }: IouOptions = {}): NdArray {
  const rows = countBoxes(a, "pairwiseIou", "a");
  const columns = countBoxes(b, "pairwiseIou", "b");
  const overlap = overlapOf(mode, "pairwiseIou");
  const floor = Math.fround(eps);
  const out = new Float32Array(rows * columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[at++] = overlap(a.data, row * 4, b.data, column * 4, floor);
  }
  return ndArray(out, [rows, columns]);
}

/**
 * Overlap of row-aligned boxes, in float32 arithmetic.
 * @param a [N, 4] xyxy, px. @param b [N, 4] xyxy, px. N may be 0.
 * @returns [N]
 * @throws {LadError} SHAPE_MISMATCH if the shapes are not equal and [N, 4]; INVALID_ARGUMENT for an unknown mode.
 * Numerics follow mmdet 2.10 `bbox_overlaps(is_aligned=True)`.
 */
export function alignedIou(a: NdArray, b: NdArray, { mode = "iou", eps = 1e-6 }: IouOptions = {}): NdArray {
  const count = countAligned(a, b, "alignedIou", ["a", "b"]);
  const overlap = overlapOf(mode, "alignedIou");
  const floor = Math.fround(eps);
  const out = new Float32Array(count);
  for (let row = 0; row < count; row++) out[row] = overlap(a.data, row * 4, b.data, row * 4, floor);
  return ndArray(out, [count]);
}

function overlapOf(mode: IouMode, where: string): Overlap {
  if (Object.hasOwn(overlaps, mode)) return overlaps[mode];
  throw new LadError("INVALID_ARGUMENT", `${where}: mode must be one of ${Object.keys(overlaps)}, got "${mode}"`);
}
