import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkSameShape } from "./check";

/**
 * Mean squared difference between a student's features and its teacher's, over everything given; 0 without rows. The teacher is a constant.
 * @param student `[N, C]` feature rows, N may be 0. @param teacher the same shape.
 * @returns Scalar.
 * @throws {LadError} SHAPE_MISMATCH if the shapes differ.
 * @see arXiv:1412.6550 (FitNets) on chosen cells. Follows LD's `IMLoss`.
 */
export function imitationLoss(student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  checkSameShape("imitationLoss", { student, teacher });
  const count = Math.max(1, student.size);
  return customOp(
    { student },
    (save) => {
      const difference = tf.sub(student, teacher);
      save([difference]);
      return tf.div(tf.sum(tf.square(difference)), count) as tf.Scalar;
    },
    (dy, [difference]) => ({ student: () => tf.mul(difference!, tf.mul(dy, 2 / count)) }),
  );
}
