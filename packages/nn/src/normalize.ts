import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";
import { sumPixels } from "./sum-pixels";

/** Turns sums per image and channel `[B, C]` into means over each set of normalised values, spread back over channels: `[B or 1, 1, 1, C]`. */
export type PoolSums = (sums: tf.Tensor2D) => tf.Tensor4D;
export type Normalized = {
  readonly value: tf.Tensor4D;
  /** As `PoolSums` returns it. */
  readonly mean: tf.Tensor4D;
  /** Biased. */
  readonly variance: tf.Tensor4D;
};

/**
 * What batch norm in training and group norm share: `(x − mean) / sqrt(variance + eps) · scale + offset` with statistics of `x` itself, over the sets
 * that `pool` averages over. With g = dy·scale and x̂ the normalised values, dx = (g − mean(g) − x̂·mean(g·x̂)) / sqrt(variance + eps).
 * No gradient passes through the returned statistics.
 */
export function normalize(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  eps: number,
  pool: PoolSums,
): Normalized {
  const outputs = customOp(
    { x, scale, offset },
    (save) => {
      const mean = pool(sumPixels(x));
      const centred = tf.sub<tf.Tensor4D>(x, mean);
      const variance = pool(sumPixels(tf.square(centred)));
      const inverse = tf.rsqrt(tf.add<tf.Tensor4D>(variance, eps));
      save([x, scale, mean, inverse]);
      return [tf.add(tf.mul(centred, tf.mul(inverse, scale)), offset), mean, variance];
    },
    ([dy], saved) => gradients(dy as tf.Tensor4D, saved, pool),
  );
  const [value, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return { value, mean, variance };
}

function gradients(dy: tf.Tensor4D, saved: tf.Tensor[], pool: PoolSums) {
  const [x, scale, mean, inverse] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor4D, tf.Tensor4D];
  const centred = tf.sub<tf.Tensor4D>(x, mean);
  const flatInverse = tf.reshape(inverse, [inverse.shape[0], inverse.shape[3]]);
  const sums = sumPixels(dy); // [B, C]
  const products = tf.mul(sumPixels(tf.mul(dy, centred)), flatInverse); // [B, C], sums of dy·x̂
  const input = () => {
    const meanGradient = pool(tf.mul(sums, scale));
    const meanProduct = pool(tf.mul(products, scale));
    const slope = tf.mul(tf.square(inverse), meanProduct);
    const straight = tf.mul(dy, tf.mul(inverse, scale));
    return tf.sub(straight, tf.add(tf.mul(centred, slope), tf.mul(inverse, meanGradient)));
  };
  return { x: input, scale: () => tf.sum(products, 0), offset: () => tf.sum(sums, 0) };
}
