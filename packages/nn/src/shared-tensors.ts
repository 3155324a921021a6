import type * as tf from "@tensorflow/tfjs-core";

/**
 * Calls `compute` when its result is first asked for, and again if that has been disposed meanwhile: gradient functions share its tensors where
 * one tidy spans them all, and do not fall over each other where every one has its own.
 */
export function sharedTensors(compute: () => tf.Tensor[]): () => tf.Tensor[] {
  let made: tf.Tensor[] = [];
  return () => {
    if (made.length === 0 || made.some((tensor) => tensor.isDisposed)) made = compute();
    return made;
  };
}
