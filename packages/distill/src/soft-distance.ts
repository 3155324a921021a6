import { focalKl } from "@lad/losses";
import * as tf from "@tensorflow/tfjs-core";

/** How a student's probability is compared with its teacher's: focal Kullback-Leibler divergence, |s − t|, or (s − t)². */
export type SoftForm = "kl" | "l1" | "l2";

export type SoftDistanceOptions = {
  /** What the student gives. */
  readonly output: "logits" | "probabilities";
  readonly form: SoftForm;
  /** Exponent of the focal factor of `kl`. */
  readonly gamma: number;
};

/** Σ of the distances between a student's output and a teacher's probabilities, no gradient to the teacher. */
export function softDistance(
  student: tf.Tensor,
  taught: tf.Tensor,
  { output, form, gamma }: SoftDistanceOptions,
): tf.Scalar {
  return tf.tidy(() => {
    if (form === "kl")
      return tf.sum(focalKl(student, taught, { gamma, form: output === "logits" ? "logit" : "probability" }));
    const difference = tf.sub(output === "logits" ? tf.sigmoid(student) : student, taught);
    return tf.sum(form === "l1" ? tf.abs(difference) : tf.square(difference));
  });
}
