import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkRank } from "./check";
import { customOp } from "./custom-op";

/**
 * The k largest values of each row, descending; the gradient goes to the elements they are (of equals the first). tfjs' own `topk` has none.
 * @param x `[N, K]`. N may be 0.
 * @returns `[N, k]`.
 * @throws {LadError} SHAPE_MISMATCH unless x has rank 2, INVALID_ARGUMENT unless k is an integer in [1, K].
 */
export function topValues(x: tf.Tensor2D, k: number): tf.Tensor2D {
  checkRank("topValues", "x", x, 2, "[N, K]");
  const [rows, columns] = x.shape;
  if (!Number.isInteger(k) || k < 1 || k > columns) {
    throw new LadError("INVALID_ARGUMENT", `topValues: k must be an integer in [1, ${columns}], got ${k}`);
  }
  return customOp(
    { x },
    (save) => {
      if (rows === 0) return tf.zeros([0, k]) as tf.Tensor2D;
      const { values, indices } = tf.topk(x, k, true);
      save([indices]);
      return values;
    },
    (dy, [indices]) => ({ x: () => (rows === 0 ? tf.zeros([0, columns]) : spread(dy, indices!, columns)) }),
  );
}

/** Writes every row's numbers at its indices, 0 elsewhere: `[N, K]`. */
function spread(dy: tf.Tensor2D, indices: tf.Tensor, columns: number): tf.Tensor {
  const [rows, k] = dy.shape;
  const starts = tf.reshape(tf.range(0, rows * columns, columns, "int32"), [rows, 1]);
  const places = tf.reshape(tf.add(starts, indices), [rows * k, 1]);
  return tf.reshape(tf.scatterND(places, tf.reshape(dy, [rows * k]), [rows * columns]), [rows, columns]);
}
