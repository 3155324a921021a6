import * as tf from "@tensorflow/tfjs-core";

export type FocalReduction = "none" | "row" | "sum";

/** A loss `[N, C]` as asked for: as it is, `[N]`, or a scalar. */
export function reduced(loss: tf.Tensor, reduction: FocalReduction): tf.Tensor {
  if (reduction === "none") return loss;
  return reduction === "row" ? tf.sum(loss, 1) : tf.sum(loss);
}

/** The gradient of a reduced loss in a shape that broadcasts against `[N, C]`. */
export function spreadBack(dy: tf.Tensor, reduction: FocalReduction): tf.Tensor {
  return reduction === "row" ? tf.reshape(dy, [dy.size, 1]) : dy;
}
