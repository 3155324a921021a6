import * as tf from "@tensorflow/tfjs-core";

/** `x − ln Σ e^x` of each row, without overflow. `[N, C]`, N > 0. To be run where nothing is recorded. */
export function logSoftmax(x: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub<tf.Tensor2D>(x, tf.max(x, 1, true));
  return tf.sub(centred, tf.log(tf.sum(tf.exp(centred), 1, true)));
}
