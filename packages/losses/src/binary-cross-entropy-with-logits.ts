import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkSameShape } from "./check";
import { softplus } from "./softplus";

/**
 * Binary cross-entropy of logits x and targets t in [0, 1]: `ln(1 + e^x) − t·x`, elementwise, not reduced. Gradients `sigmoid(x) − t` and `−x`.
 * @param logits any shape, also empty.
 * @param targets the same shape.
 * @throws {LadError} SHAPE_MISMATCH if the shapes differ.
 */
export function binaryCrossEntropyWithLogits<T extends tf.Tensor>(logits: T, targets: T): T {
  checkSameShape("binaryCrossEntropyWithLogits", { logits, targets });
  return customOp(
    { logits, targets },
    (save) => {
      save([logits, targets]);
      return tf.sub<T>(softplus(logits), tf.mul(targets, logits));
    },
    (dy, saved) => {
      const [x, t] = saved as [tf.Tensor, tf.Tensor];
      return { logits: () => tf.mul(dy, tf.sub(tf.sigmoid(x), t)), targets: () => tf.neg(tf.mul(dy, x)) };
    },
  );
}
