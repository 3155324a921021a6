import * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkRank } from "./check";
import { customOp } from "./custom-op";
import { fusedKernel, sharedTensors } from "./fused-kernel";
import { sumChannels } from "./sum-pixels";

export type BatchNormOptions = {
  /** `[C]`. */
  readonly scale: tf.Tensor;
  /** `[C]`. */
  readonly offset: tf.Tensor;
  /** `[C]`, given, no gradient. */
  readonly mean: tf.Tensor;
  /** `[C]`, given, no gradient. */
  readonly variance: tf.Tensor;
  /** Added to the variance. */
  readonly eps?: number;
};

/**
 * Batch norm with given statistics: `(x − mean) / sqrt(variance + eps) · scale + offset`.
 * Differentiable in `x`, `scale` and `offset`; the statistics are constants.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} SHAPE_MISMATCH if a vector is not `[C]`.
 */
export function batchNorm(
  x: tf.Tensor4D,
  { scale, offset, mean, variance, eps = 1e-5 }: BatchNormOptions,
): tf.Tensor4D {
  checkRank("batchNorm", "x", x, 4, "[B, H, W, C]");
  checkChannels("batchNorm", x.shape[3], { scale, offset, mean, variance });
  return composed(x, scale as tf.Tensor1D, offset as tf.Tensor1D, mean as tf.Tensor1D, variance as tf.Tensor1D, eps);
}

function composed(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  eps: number,
): tf.Tensor4D {
  return customOp(
    { x, scale, offset },
    (save) => {
      save([x, scale, mean, variance]);
      return tf.batchNorm4d(x, mean, variance, offset, scale, eps);
    },
    (dy, saved) => {
      const [input, weight, center, spread] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      const kernel = fusedKernel("LadBatchNormGradient");
      if (kernel) {
        const inputs = { dy, x: input, scale: weight, mean: center, variance: spread };
        const fused = sharedTensors(() => kernel(inputs, { eps }));
        return { x: () => fused()[0]!, scale: () => fused()[1]!, offset: () => fused()[2]! };
      }
      const inverse = tf.rsqrt(tf.add(spread, eps));
      return {
        x: () => tf.mul(dy, tf.mul(weight, inverse)),
        scale: () => tf.mul(sumChannels(tf.mul(dy, tf.sub(input, center))), inverse),
        offset: () => sumChannels(dy),
      };
    },
  );
}
