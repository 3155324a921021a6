import * as tf from "@tensorflow/tfjs-core";
import { type AlignedOverlap, alignedOverlap, hullSize } from "./aligned-overlap";
import { checkBoxes, checkPositive } from "./check";
import type { IouLossOptions } from "./giou-loss";

/**
 * Distance-IoU loss of row-aligned boxes: `1 − (IoU − ρ² / c²)`, ρ the distance of the centres, c the diagonal of the hull; in [0, 2].
 * The textbook's: a fork of mmdet 2.10 divides the intersection by the first box's area instead of the union.
 * @param predicted `[N, 4]` xyxy px. N may be 0.
 * @param target `[N, 4]` xyxy px.
 * @returns `[N]`, not reduced.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT if eps is not positive.
 * @see arXiv:1911.08287 eq. 7
 */
export function diouLoss(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  { eps = 1e-6 }: IouLossOptions = {},
): tf.Tensor1D {
  checkBoxes("diouLoss", { predicted, target });
  checkPositive("diouLoss", "eps", eps);
  return tf.tidy(() => {
    const overlap = alignedOverlap(predicted, target, eps);
    return tf.add(tf.sub(1, overlap.iou), centrePenalty(overlap, eps)) as tf.Tensor1D;
  });
}

/** ρ² / c²: squared distance of the centres over the squared diagonal of the hull, `[N]`. */
export function centrePenalty(overlap: AlignedOverlap, eps: number): tf.Tensor1D {
  const [a1, a2, b1, b2] = overlap.corners;
  const apart = tf.mul(tf.sub<tf.Tensor2D>(tf.add(b1, b2), tf.add(a1, a2)), 0.5);
  const diagonal = tf.add(tf.sum(tf.square(hullSize(overlap)), 1), eps);
  return tf.div(tf.sum(tf.square(apart), 1), diagonal) as tf.Tensor1D;
}
