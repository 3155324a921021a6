import { maximum, stopGradient } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { alignedOverlap } from "./aligned-overlap";
import { checkBoxes, checkPositive } from "./check";
import { centrePenalty } from "./diou-loss";
import type { IouLossOptions } from "./giou-loss";

export type CiouLossOptions = IouLossOptions & {
  /** Differentiate the trade-off α too (mmdet 2.10); otherwise it is a constant, as the paper and mmdet 2.5 have it. */
  readonly alphaGradient?: boolean;
};

/**
 * Complete-IoU loss of row-aligned boxes: `1 − (IoU − ρ² / c² − α·v)`, v = 4 / π² · (atan(w_t / h_t) − atan(w_p / h_p))², α = v / (1 − IoU + v).
 * @param predicted `[N, 4]` xyxy px. N may be 0.
 * @param target `[N, 4]` xyxy px.
 * @returns `[N]`, not reduced.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT if eps is not positive.
 * @see arXiv:1911.08287 eq. 10. Numerics follow mmdet 2.10 `ciou_loss`.
 */
export function ciouLoss(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  { eps = 1e-6, alphaGradient = true }: CiouLossOptions = {},
): tf.Tensor1D {
  checkBoxes("ciouLoss", { predicted, target });
  checkPositive("ciouLoss", "eps", eps);
  return tf.tidy(() => {
    const overlap = alignedOverlap(predicted, target, eps);
    const [a1, a2, b1, b2] = overlap.corners;
    const difference = tf.sub(slant(b1, b2, eps), slant(a1, a2, eps));
    const v = tf.mul<tf.Tensor1D>(tf.square(difference), 4 / Math.PI ** 2);
    // equal boxes have 0 / 0 here: the floor makes their α 0
    const tradeOff = () => tf.div<tf.Tensor1D>(v, maximum(tf.add(tf.sub(1, overlap.iou), v), tf.scalar(eps)));
    const alpha = alphaGradient ? tradeOff() : stopGradient(tradeOff);
    const distance = centrePenalty(overlap, eps);
    return tf.add(tf.add(tf.sub(1, overlap.iou), distance), tf.mul(alpha, v)) as tf.Tensor1D;
  });
}

/** atan(width / height), `[N]`. */
function slant(leftTop: tf.Tensor2D, rightBottom: tf.Tensor2D, eps: number): tf.Tensor {
  const size = tf.sub<tf.Tensor2D>(rightBottom, leftTop);
  const rows = size.shape[0];
  const [width, height] = [tf.slice(size, [0, 0], [rows, 1]), tf.slice(size, [0, 1], [rows, 1])];
  return tf.reshape(tf.atan(tf.div(width, tf.add(height, eps))), [rows]);
}
