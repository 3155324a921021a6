import type { NdArray } from "@lad/core";
import { type NmsOptions, suppress } from "./suppress";

/**
 * Greedy non-maximum suppression: boxes in descending score, each dropped if its IoU with a kept one exceeds the threshold (default 0.5).
 * @param boxes [N, 4] xyxy, px. @param scores [N]. N may be 0.
 * @returns indices of the kept boxes in descending score; equal scores by lower index.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Numerics follow torchvision/mmcv `nms`: no +1, no eps (a box of no area never suppresses and never is), everything in float32.
 */
export function hardNms(boxes: NdArray, scores: Float32Array, options: NmsOptions = {}): Int32Array {
  return suppress("hardNms", { boxes, scores }, { ...defaults, ...options });
}

/**
 * Greedy non-maximum suppression inside each class. Classes are kept apart exactly, not by shifting boxes.
 * @param boxes [N, 4] xyxy, px. @param scores [N]. @param labels [N], non-negative, small (a table is made up to the largest).
 * @returns indices of the kept boxes of all classes in descending score; equal scores by lower index.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 */
export function classwiseNms(
  boxes: NdArray,
  scores: Float32Array,
  labels: Int32Array,
  options: NmsOptions = {},
): Int32Array {
  return suppress("classwiseNms", { boxes, scores, labels }, { ...defaults, ...options });
}

const defaults = { iouThreshold: 0.5, limit: Number.POSITIVE_INFINITY };
