import * as tf from "@tensorflow/tfjs-core";

/** `x^exponent` for x ≥ 0; squares are much cheaper than powers. */
export function power<T extends tf.Tensor>(x: T, exponent: number): T {
  if (exponent === 1) return x;
  return exponent === 2 ? tf.square(x) : tf.pow(x, exponent);
}
