import { clampMin } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { alignedOverlap } from "./aligned-overlap";
import { checkBoxes, checkPositive } from "./check";
import type { IouLossOptions } from "./giou-loss";

/**
 * IoU loss of row-aligned boxes: `−ln max(IoU, eps)`; no gradient where the boxes do not meet.
 * @param predicted `[N, 4]` xyxy px. N may be 0.
 * @param target `[N, 4]` xyxy px.
 * @returns `[N]`, not reduced.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT if eps is not positive.
 * @see arXiv:1608.01471. Numerics follow mmdet 2.10 `iou_loss`.
 */
export function iouLoss(predicted: tf.Tensor2D, target: tf.Tensor2D, { eps = 1e-6 }: IouLossOptions = {}): tf.Tensor1D {
  checkBoxes("iouLoss", { predicted, target });
  checkPositive("iouLoss", "eps", eps);
  return tf.tidy(() => tf.neg(tf.log(clampMin(alignedOverlap(predicted, target, eps).iou, eps))));
}
