import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkRank } from "./check";
import { customOp } from "./custom-op";

/**
 * Rows of a matrix by index. The gradient scatters: rows taken twice receive the sum, rows not taken 0.
 * (`tf.gather`'s own gradient is quadratic in the number of rows.)
 * @param x `[N, C]`.
 * @param rows `[M]` indices in `[0, N)`; M may be 0, rows may repeat.
 * @returns `[M, C]`.
 * @throws {LadError} INVALID_ARGUMENT if a row on the host is out of range, SHAPE_MISMATCH for wrong ranks.
 */
export function gatherRows(x: tf.Tensor2D, rows: Int32Array | tf.Tensor1D): tf.Tensor2D {
  checkRank("gatherRows", "x", x, 2, "[N, C]");
  const [count, columns] = x.shape;
  if (rows instanceof Int32Array) {
    for (const row of rows)
      if (row < 0 || row >= count)
        throw new LadError("INVALID_ARGUMENT", `gatherRows: row ${row} is not in x [${x.shape}]`);
  } else checkRank("gatherRows", "rows", rows, 1, "[M]");
  const taken = rows instanceof Int32Array ? rows.length : rows.size;
  return customOp(
    { x },
    (save) => {
      if (taken === 0) return tf.zeros([0, columns]) as tf.Tensor2D;
      const indices = rows instanceof Int32Array ? tf.tensor1d(rows, "int32") : tf.cast(rows, "int32");
      save([indices]);
      return tf.gather(x, indices);
    },
    (dy, [indices]) => ({
      x: () =>
        taken === 0 ? tf.zeros([count, columns]) : tf.scatterND(tf.reshape(indices!, [taken, 1]), dy, [count, columns]),
    }),
  );
}
