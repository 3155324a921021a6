import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkSameShape } from "./check";

export type DecoupledImitation = { readonly foreground: tf.Scalar; readonly background: tf.Scalar };

/**
 * Squared differences of one level's features, apart for cells on objects and off them, each by its own count:
 * `Σ M·d² / max(1, 2·Σ M)` and the same with 1 − M, the mask M repeated over the C channels in numerator and denominator.
 * @param student `[B, H, W, C]` @param teacher the same shape, a constant.
 * @param mask `[B·H·W]`: 1 on objects, 0 elsewhere.
 * @throws {LadError} SHAPE_MISMATCH if the maps differ in shape or the mask is not one number a cell.
 * @see arXiv:2103.14475 (DeFeat) eq. 3
 */
export function decoupledImitationLoss(
  student: tf.Tensor4D,
  teacher: tf.Tensor4D,
  mask: Float32Array,
): DecoupledImitation {
  checkSameShape("decoupledImitationLoss", { student, teacher });
  const [batch, height, width, channels] = student.shape;
  if (mask.length !== batch * height * width) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `decoupledImitationLoss: mask must have ${batch * height * width} cells for maps [${student.shape}], got ${mask.length}`,
    );
  }
  const covered = mask.reduce((sum, value) => sum + value, 0) * channels;
  return tf.tidy(() => {
    const squares = tf.sum(tf.square(tf.sub(student, teacher)), 3);
    const cells = tf.tensor3d(mask, [batch, height, width]);
    const part = (weights: tf.Tensor, count: number) =>
      tf.div(tf.sum(tf.mul(squares, weights)), Math.max(1, 2 * count)) as tf.Scalar;
    return { foreground: part(cells, covered), background: part(tf.sub(1, cells), student.size - covered) };
  });
}
