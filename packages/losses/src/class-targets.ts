import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkRows } from "./check";

export type ClassLabels = Int32Array | tf.Tensor1D;
export type RowWeights = Float32Array | tf.Tensor1D;

/** Shared by the focal losses: predictions `[N, C]`, labels and weights `[N]`, gamma at least 0. */
export function checkFocal(
  who: string,
  predictions: tf.Tensor,
  labels: ClassLabels,
  weights: RowWeights | undefined,
  gamma: number,
): void {
  checkRows(who, predictions, { labels, weights });
  if (!(gamma >= 0)) throw new LadError("INVALID_ARGUMENT", `${who}: gamma must be at least 0, got ${gamma}`);
}

/**
 * `on` at the label's class, `off` elsewhere and in rows without a class (label outside `[0, C)`), times the row's weight: `[N, C]`.
 * Labels and weights that are on the host are spread there: one upload instead of kernels on the whole matrix.
 */
export function spreadLabels(
  labels: ClassLabels,
  classes: number,
  on: number,
  off: number,
  weights?: RowWeights,
): tf.Tensor2D {
  if (labels instanceof Int32Array && (weights === undefined || weights instanceof Float32Array))
    return spreadOnHost(labels, classes, on, off, weights);
  const spread =
    labels instanceof Int32Array ? spreadOnHost(labels, classes, on, off) : spreadOnDevice(labels, classes, on, off);
  if (weights === undefined) return spread;
  const rows = weights instanceof Float32Array ? tf.tensor1d(weights) : weights;
  return tf.mul(spread, tf.reshape(rows, [rows.size, 1]));
}

function spreadOnHost(
  labels: Int32Array,
  classes: number,
  on: number,
  off: number,
  weights?: Float32Array,
): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes).fill(off);
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    const start = row * classes;
    if (weight !== 1) values.fill(off * weight, start, start + classes);
    const label = labels[row]!;
    if (label >= 0 && label < classes) values[start + label] = on * weight;
  }
  return tf.tensor2d(values, [labels.length, classes]);
}

function spreadOnDevice(labels: tf.Tensor1D, classes: number, on: number, off: number): tf.Tensor2D {
  if (labels.size === 0) return tf.zeros([0, classes]);
  const whole = tf.cast(labels, "float32");
  // wasm's OneHot writes labels outside its depth into the next row (so background gets a column, cut off) and knows whole numbers only
  const inside = tf.clipByValue(tf.where(tf.less(whole, 0), tf.fill(whole.shape, classes), whole), 0, classes);
  const columns = tf.oneHot(tf.cast(inside, "int32"), classes + 1);
  const hot = tf.cast(tf.slice(columns, [0, 0], [labels.size, classes]), "float32") as tf.Tensor2D;
  return tf.add(tf.mul(hot, on - off), off);
}
