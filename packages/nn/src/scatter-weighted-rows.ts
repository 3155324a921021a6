import * as tf from "@tensorflow/tfjs-core";

/** A sparse matrix: `weights[i]` of row `from[i]` goes to row `to[i]`. */
export type RowWeights = { readonly from: Int32Array; readonly to: Int32Array; readonly weights: Float32Array };

/** Product of a sparse matrix and `x [M, C]`: `[rows, C]`, row `r` the sum of `weights[i] · x[from[i]]` over all i with `to[i] = r`. To be run where nothing is recorded. */
export function scatterWeightedRows(x: tf.Tensor, { from, to, weights }: RowWeights, rows: number): tf.Tensor2D {
  const channels = x.shape[1]!;
  if (from.length === 0 || channels === 0) return tf.zeros([rows, channels]);
  return tf.tidy(() => {
    const taken = tf.mul(tf.gather(x, tf.tensor1d(from, "int32")), tf.tensor2d(weights, [weights.length, 1]));
    return tf.scatterND(tf.tensor2d(to, [to.length, 1], "int32"), taken, [rows, channels]) as tf.Tensor2D;
  });
}
