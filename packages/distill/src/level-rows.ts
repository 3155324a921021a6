import type { Assignment } from "@lad/core";
import { gatherRows, stopGradient } from "@lad/nn";
import type { HasClasses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Levels side by side, `[B, A, K]`. */
export function joinedLevels(levels: readonly tf.Tensor3D[]): tf.Tensor3D {
  return tf.concat([...levels], 1);
}

/** Rows (image · A + anchor) of levels joined, `[P, K]`. */
export function rowsOf(levels: readonly tf.Tensor3D[], rows: Int32Array): tf.Tensor2D {
  const all = joinedLevels(levels);
  return gatherRows(tf.reshape(all, [all.shape[0] * all.shape[1], all.shape[2]]), rows);
}

/** Rows of the flattened batch that have a ground truth. */
export function positivesAt({ matchedGt }: Assignment): Int32Array {
  return Int32Array.from(matchedGt.keys()).filter((row) => matchedGt[row]! >= 0);
}

/** Best class probability at rows, without gradient: `[P]`. */
export function bestProbabilityAt<Out>(detector: HasClasses<Out>, out: Out, rows: Int32Array): tf.Tensor1D {
  return stopGradient(() => {
    const best = tf.max(rowsOf(detector.classes(out), rows), 1) as tf.Tensor1D;
    return detector.classForm === "logits" ? tf.sigmoid(best) : best;
  });
}
