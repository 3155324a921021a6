import type { NdArray } from "@lad/core";
import { checkRange } from "./check-input";
import { type NmsOptions, suppress } from "./suppress";

export type FastNmsOptions = NmsOptions & {
  /** Boxes of each class that take part, best first. */
  readonly perClass?: number;
};

/**
 * YOLACT's Fast NMS: like `classwiseNms`, but a box is dropped by any better box of its class, kept or dropped itself; so it drops more.
 * @param boxes [N, 4] xyxy, px. @param scores [N]. @param labels [N], non-negative, small. N may be 0.
 * @returns indices of the kept boxes of all classes in descending score; equal scores by lower index.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows arXiv:1904.02689 §4 as in mmdet 2.10 `fast_nms`.
 */
export function fastNms(
  boxes: NdArray,
  scores: Float32Array,
  labels: Int32Array,
  { iouThreshold = 0.5, limit = Number.POSITIVE_INFINITY, perClass = 200 }: FastNmsOptions = {},
): Int32Array {
  checkRange("fastNms", "perClass", perClass, 1);
  return suppress("fastNms", { boxes, scores, labels }, { iouThreshold, limit, perClass, droppedSuppress: true });
}
