import * as tf from "@tensorflow/tfjs-core";
import type { RowWeights } from "./class-targets";

/** One number a row: `[N]` on the host or on the device. */
export type RowValues = RowWeights;

export type RowLossOptions = {
  /** `[N]`, factor of each row; no gradient. */
  readonly weights?: RowWeights;
  /** `none`: `[N]`; `sum`: scalar. */
  readonly reduction?: "none" | "sum";
};

/** `[N]` on the device; what is on the host is copied, for the caller may go on with its array. */
export function onDevice(values: RowValues): tf.Tensor1D {
  return values instanceof Float32Array ? tf.tensor1d(values.slice()) : values;
}

/** The rows' losses weighted, as they are or summed. */
export function reduceRows(losses: tf.Tensor, { weights, reduction = "sum" }: RowLossOptions): tf.Tensor {
  const weighted = weights === undefined ? losses : tf.mul(losses, onDevice(weights));
  return reduction === "sum" ? tf.sum(weighted) : weighted;
}

/** The reduction as a fused loss takes it. */
export function reductionOf({ reduction = "sum" }: RowLossOptions): { readonly reduction: "row" | "sum" } {
  return { reduction: reduction === "none" ? "row" : "sum" };
}

/** What each row's slope is multiplied by in the backward pass, `[N, 1]` or a scalar. */
export function rowFactors(dy: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  const factors = weights === undefined ? dy : tf.mul(weights, dy);
  return factors.rank === 0 ? factors : tf.reshape(factors, [factors.size, 1]);
}
