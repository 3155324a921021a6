import * as tf from "@tensorflow/tfjs-core";
import { checkRank } from "./check";
import { customOp } from "./custom-op";

/**
 * Expectation of discrete distributions over 0, 1, … bins − 1: `Σ_k k · softmax(logits)_k` of each row. Closed-form gradient `p_k · (k − expectation)`.
 * @param logits `[N, bins]`. N may be 0.
 * @returns `[N]`, in bins.
 * @throws {LadError} SHAPE_MISMATCH unless logits have rank 2.
 * @see arXiv:2006.04388 eq. 4. Follows mmdet 2.10 `Integral`.
 */
export function softmaxExpectation(logits: tf.Tensor2D): tf.Tensor1D {
  checkRank("softmaxExpectation", "logits", logits, 2, "[N, bins]");
  const [rows, bins] = logits.shape;
  const places = () =>
    tf.tensor2d(
      Float32Array.from({ length: bins }, (_, bin) => bin),
      [bins, 1],
    );
  return customOp(
    { logits },
    (save) => {
      if (rows === 0) return tf.zeros([0]) as tf.Tensor1D;
      const shares = tf.softmax(logits);
      const mean = tf.matMul(shares, places()); // [N, 1]
      save([shares, mean]);
      return tf.reshape(mean, [rows]);
    },
    (dy, [shares, mean]) => ({
      logits: () => {
        if (rows === 0) return tf.zeros([0, bins]);
        const apart = tf.sub(tf.reshape(places(), [1, bins]), mean!);
        return tf.mul(tf.mul(shares!, apart), tf.reshape(dy, [rows, 1]));
      },
    }),
  );
}
