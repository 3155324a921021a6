import * as tf from "@tensorflow/tfjs-core";

/** tfjs-node refuses numeric padding: there maps are padded by an operation of their own. */
export function paddingMode(): "numeric" | "explicit" {
  return tf.getBackend() === "tensorflow" ? "explicit" : "numeric";
}

/** The map to run a windowed kernel on, and the kernel's own padding. */
export function padded(
  x: tf.Tensor4D,
  padding: number,
  value: number,
): { readonly x: tf.Tensor4D; readonly pad: number | "valid" } {
  if (padding === 0) return { x, pad: "valid" };
  if (paddingMode() === "numeric") return { x, pad: padding };
  const around: [number, number] = [padding, padding];
  return { x: tf.pad(x, [[0, 0], around, around, [0, 0]], value), pad: "valid" };
}
