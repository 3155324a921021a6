import { stopGradient } from "@lad/nn";
import type * as tf from "@tensorflow/tfjs-core";
import { alignedOverlap } from "./aligned-overlap";
import { checkBoxes, checkPositive } from "./check";
import type { IouLossOptions } from "./giou-loss";

/**
 * IoU of row-aligned boxes: `intersection / max(union, eps)`. A target or a weight: no gradient passes.
 * @param predicted `[N, 4]` xyxy px. N may be 0.
 * @param target `[N, 4]` xyxy px.
 * @returns `[N]`.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT if eps is not positive.
 */
export function iouAligned(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  { eps = 1e-6 }: IouLossOptions = {},
): tf.Tensor1D {
  checkBoxes("iouAligned", { predicted, target });
  checkPositive("iouAligned", "eps", eps);
  return stopGradient(() => alignedOverlap(predicted, target, eps).iou);
}
