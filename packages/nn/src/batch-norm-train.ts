import * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkRank } from "./check";
import { checkFinish, type NormFinish } from "./norm-finish";
import { normalize } from "./normalize";

export type BatchNormTrainOptions = {
  /** `[C]`. */
  readonly scale: tf.Tensor;
  /** `[C]`. */
  readonly offset: tf.Tensor;
  /** Added to the variance. */
  readonly eps?: number;
  /**
   * Is shown the mean and the biased variance (divided by B·H·W) of the batch, both `[C]`: for moving averages. They are freed behind it
   * unless it keeps them, and nothing in it is recorded.
   */
  readonly observe?: ((mean: tf.Tensor1D, variance: tf.Tensor1D) => void) | undefined;
} & NormFinish;

/**
 * Batch norm with the statistics of the batch: `(x − mean(x)) / sqrt(variance(x) + eps) · scale + offset`, mean and biased variance over B, H, W, then a
 * residual and a relu if they are wanted. Differentiable in `x` (through the statistics), `scale`, `offset` and `residual`.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} SHAPE_MISMATCH if a vector is not `[C]` or the residual not of x's shape.
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  { scale, offset, eps = 1e-5, observe, residual, relu = false }: BatchNormTrainOptions,
): tf.Tensor4D {
  checkRank("batchNormTrain", "x", x, 4, "[B, H, W, C]");
  const [batch, height, width, channels] = x.shape;
  checkChannels("batchNormTrain", channels, { scale, offset });
  checkFinish("batchNormTrain", x, { residual });
  const count = batch * height * width;
  return tf.tidy(() => {
    const pool = (sums: tf.Tensor2D) => tf.reshape(tf.div(tf.sum(sums, 0), count), [1, 1, 1, channels]) as tf.Tensor4D;
    const together = { pool, sets: 1, groups: channels };
    const vectors = [scale, offset] as [tf.Tensor1D, tf.Tensor1D];
    const flat = (statistic: tf.Tensor) => tf.reshape(statistic, [channels]) as tf.Tensor1D;
    const show = observe && ((mean: tf.Tensor, variance: tf.Tensor) => observe(flat(mean), flat(variance)));
    return normalize(x, ...vectors, eps, together, { residual, relu }, show);
  });
}
