import { countBoxes } from "@lad/boxes";
import { LadError, type NdArray } from "@lad/core";
import { keptGrid } from "./kept-grid";
import { orderByScore } from "./order-by-score";

export type NmsOptions = {
  /** A box is dropped if its IoU with a better kept one is strictly greater, in [0, 1]. */
  readonly iouThreshold?: number;
  /** Most boxes to keep; all by default. */
  readonly limit?: number;
};

/**
 * Greedy non-maximum suppression: boxes in descending score, each dropped if its IoU with a kept one exceeds the threshold.
 * @param boxes [N, 4] xyxy, px. @param scores [N]. N may be 0.
 * @returns indices of the kept boxes in descending score; equal scores by lower index.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Numerics follow torchvision/mmcv `nms`: no +1, no eps (a box of no area never suppresses and never is), everything in float32.
 */
export function hardNms(boxes: NdArray, scores: Float32Array, options: NmsOptions = {}): Int32Array {
  checkInput("hardNms", boxes, scores);
  return suppress("hardNms", boxes.data, orderByScore(scores), undefined, options);
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
  checkInput("classwiseNms", boxes, scores, labels);
  return suppress("classwiseNms", boxes.data, orderByScore(scores), labels, options);
}

function suppress(
  where: string,
  boxes: Float32Array,
  order: Int32Array,
  labels: Int32Array | undefined,
  { iouThreshold = 0.5, limit = Number.POSITIVE_INFINITY }: NmsOptions,
): Int32Array {
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
    throw new LadError("INVALID_ARGUMENT", `${where}: iouThreshold must be in [0, 1], got ${iouThreshold}`);
  }
  if (!(limit >= 0)) throw new LadError("INVALID_ARGUMENT", `${where}: limit must be >= 0, got ${limit}`);
  const classes = labels ? labels.reduce((most, label) => Math.max(most, label), 0) + 1 : 1;
  const grid = keptGrid({ boxes, classes, iouThreshold });
  const kept = new Int32Array(Math.min(order.length, Math.floor(limit)));
  let count = 0;
  for (let rank = 0; rank < order.length && count < kept.length; rank++) {
    const index = order[rank]!;
    const label = labels ? labels[index]! : 0;
    if (grid.meets(index * 4, label)) continue;
    grid.add(index * 4, label);
    kept[count++] = index;
  }
  return kept.slice(0, count);
}

function checkInput(where: string, boxes: NdArray, scores: Float32Array, labels?: Int32Array): void {
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
}
