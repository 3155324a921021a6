import { distillationKl } from "@lad/losses";
import * as tf from "@tensorflow/tfjs-core";
import { rowsOf } from "./level-rows";

export type SideDivergence = {
  /** Rows of the flattened batch. */
  readonly rows: Int32Array;
  /** Of each row, `[P]`. */
  readonly weights: tf.Tensor1D;
  readonly temperature: number;
  readonly factor: number;
};

/** factor · Σ over rows and their four sides of weight · KL(teacher's distribution, student's). */
export function sideDivergence(
  own: readonly tf.Tensor3D[],
  taught: readonly tf.Tensor3D[],
  { rows, weights, temperature, factor }: SideDivergence,
): tf.Scalar {
  const [student, teacher] = [rowsOf(own, rows), rowsOf(taught, rows)];
  const sides = rows.length * 4;
  const bins = student.shape[1] / 4;
  const perSide = (values: tf.Tensor) => tf.reshape(values, [sides, bins]) as tf.Tensor2D;
  const repeated = tf.reshape(tf.tile(tf.reshape(weights, [rows.length, 1]), [1, 4]), [sides]) as tf.Tensor1D;
  const divergence = distillationKl(perSide(student), perSide(teacher), { temperature, weights: repeated });
  return tf.mul(divergence, factor) as tf.Scalar;
}
