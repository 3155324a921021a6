import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkInteger, checkRank } from "./check";
import { checkFinish, type NormFinish } from "./norm-finish";
import { normalize } from "./normalize";

export type GroupNormOptions = {
  /** `[C]`. */
  readonly scale: tf.Tensor;
  /** `[C]`. */
  readonly offset: tf.Tensor;
  /** Groups of neighbouring channels; divides C. */
  readonly groups: number;
  /** Added to the variance. */
  readonly eps?: number;
} & NormFinish;

/**
 * Group norm, channels last: every image and group of `C / groups` neighbouring channels is normalised by its own mean and biased variance over
 * H, W and the group, then scaled and shifted per channel. Differentiable in `x`, `scale` and `offset`. Follows torch's `group_norm`.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} SHAPE_MISMATCH if `groups` does not divide C or a vector is not `[C]`.
 */
export function groupNorm(
  x: tf.Tensor4D,
  { scale, offset, groups, eps = 1e-5, residual, relu = false }: GroupNormOptions,
): tf.Tensor4D {
  checkRank("groupNorm", "x", x, 4, "[B, H, W, C]");
  const [batch, height, width, channels] = x.shape;
  checkInteger("groupNorm", "groups", groups, 1);
  checkChannels("groupNorm", channels, { scale, offset });
  if (channels % groups !== 0)
    throw new LadError("SHAPE_MISMATCH", `groupNorm: groups (${groups}) must divide the channels of x [${x.shape}]`);
  checkFinish("groupNorm", x, { residual });
  const each = channels / groups;
  const pool = (sums: tf.Tensor2D): tf.Tensor4D => {
    const means = tf.mean(tf.reshape(sums, [batch * groups, each]), 1, true); // [B·G, 1]
    return tf.reshape(tf.tile(tf.div(means, height * width), [1, each]), [batch, 1, 1, channels]);
  };
  const apart = { pool, sets: batch, groups };
  const vectors = [scale, offset] as [tf.Tensor1D, tf.Tensor1D];
  return tf.tidy(() => normalize(x, ...vectors, eps, apart, { residual, relu }));
}
