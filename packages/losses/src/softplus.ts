import * as tf from "@tensorflow/tfjs-core";

/** `ln(1 + e^x)` without overflow or cancellation; composed, for not every engine has the kernel. */
export function softplus<T extends tf.Tensor>(x: T): T {
  return tf.add(tf.maximum(x, 0), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}
