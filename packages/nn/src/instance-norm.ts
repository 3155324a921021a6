import * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkRank } from "./check";
import { groupNorm } from "./group-norm";
import type { NormFinish } from "./norm-finish";

export type InstanceNormOptions = {
  /** `[C]`; default: ones. */
  readonly scale?: tf.Tensor;
  /** `[C]`; default: zeros. */
  readonly offset?: tf.Tensor;
  /** Added to the variance. */
  readonly eps?: number;
} & NormFinish;

/**
 * Instance norm, channels last: every image and channel is normalised by its own mean and biased variance over H, W, then scaled and shifted per
 * channel. Differentiable in `x`, `scale` and `offset`. Follows torch's `instance_norm` without running statistics.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} SHAPE_MISMATCH if a vector is not `[C]`.
 */
export function instanceNorm(x: tf.Tensor4D, { scale, offset, ...options }: InstanceNormOptions = {}): tf.Tensor4D {
  checkRank("instanceNorm", "x", x, 4, "[B, H, W, C]");
  const channels = x.shape[3];
  checkChannels("instanceNorm", channels, { ...(scale && { scale }), ...(offset && { offset }) });
  return tf.tidy(() =>
    groupNorm(x, {
      scale: scale ?? tf.ones([channels]),
      offset: offset ?? tf.zeros([channels]),
      groups: channels,
      ...options,
    }),
  );
}
