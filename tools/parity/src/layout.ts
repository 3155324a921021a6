import { type NdArray, ndArray, type TypedArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/** The golden files' images and maps `[B, C, H, W]` as the library's `[B, H, W, C]`. */
export function toNhwc({ data, shape }: NdArray<TypedArray>): tf.Tensor4D {
  return tf.tidy(() =>
    tf.transpose(tf.tensor4d(data as Float32Array, shape as [number, number, number, number], "float32"), [0, 2, 3, 1]),
  );
}

/** A map `[B, H, W, C]` as the golden files hold it. */
export function fromNhwc(map: tf.Tensor4D): Promise<NdArray> {
  const turned = tf.transpose(map, [0, 3, 1, 2]);
  return toHost(turned).finally(() => turned.dispose());
}

export async function toHost(tensor: tf.Tensor): Promise<NdArray> {
  return { data: (await tensor.data()) as Float32Array, shape: tensor.shape };
}

export const scalar = (value: number): NdArray => ndArray(Float32Array.of(value), []);

/** ‖t‖∞, NaN left out; 0 of an empty array. */
export function largestOf(values: TypedArray): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  return largest;
}

/** ‖t‖₂ in double. */
export function normOf(values: TypedArray): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
