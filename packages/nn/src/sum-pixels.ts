import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Sums `[B, H, W, C]` over the pixels of each image: `[B, C]`. For backward passes: nothing is recorded. By the engine's own kernel, else as a product
 * with ones: `tf.sum` would transpose the whole map first.
 */
export function sumPixels(x: tf.Tensor4D): tf.Tensor2D {
  const fused = fusedKernel("LadSumPixels");
  if (fused) return fused({ x }, {})[0] as tf.Tensor2D;
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  const sums = tf.matMul(tf.ones([batch, 1, pixels]), tf.reshape(x, [batch, pixels, channels])); // [B, 1, C]
  return tf.reshape(sums, [batch, channels]);
}

/** Sums `[B, H, W, C]` over everything but channels: `[C]`. */
export function sumChannels(x: tf.Tensor4D): tf.Tensor1D {
  return tf.sum(sumPixels(x), 0);
}
