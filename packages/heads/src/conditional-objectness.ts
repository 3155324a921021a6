import { LadError } from "@lad/core";
import { convLayer, normalInit } from "@lad/nn";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ClassProbabilityFactory } from "./class-probability";

export type ConditionalObjectnessOptions = {
  /** Side of the neighbourhood, odd. */
  readonly kernel?: number;
  /** Own an `objectness` convolution that nothing uses, as the published COP head of CoLAD does: its checkpoints then fit. */
  readonly unusedObjectness?: boolean;
};

/**
 * Conditional objectness (COP, arXiv 2108.10520 §3.1): p = mean over the k × k neighbours n of σ(class at n) · σ(coefficient of n).
 * Beyond the map's border the class logit is 0, so such a neighbour counts as probability 0.5. Parameters `coeff_conv.*`, weights
 * normal(0, 0.01), bias 0. Follows ccdet's PAA_COP_Head.
 * @throws {LadError} INVALID_ARGUMENT if `kernel` is even.
 */
export function conditionalObjectness({
  kernel = 3,
  unusedObjectness = false,
}: ConditionalObjectnessOptions = {}): ClassProbabilityFactory {
  if (!Number.isInteger(kernel) || kernel % 2 !== 1 || kernel < 1) {
    throw new LadError("INVALID_ARGUMENT", `conditionalObjectness: kernel must be an odd number ≥ 1, got ${kernel}`);
  }
  const border = (kernel - 1) / 2;
  return ({ in: input, random }) => {
    const output = (out: number) =>
      convLayer({ in: input, out, kernel: 3, bias: true, initial: normalInit(0.01), random });
    const coefficients = output(kernel * kernel);
    const unused = unusedObjectness ? { objectness: output(1).params } : {};
    return {
      params: joinParams({ coeff_conv: coefficients.params, ...unused }),
      forward: (logits, boxFeatures) =>
        tf.tidy(() => {
          const around: [number, number] = [border, border];
          const classes = tf.sigmoid(tf.pad(logits, [[0, 0], around, around, [0, 0]]));
          const weights = tf.split(tf.sigmoid(coefficients.forward(boxFeatures)), kernel * kernel, 3);
          const terms = weights.map((weight, n) => {
            const neighbour = tf.slice(classes, [0, Math.floor(n / kernel), n % kernel, 0], logits.shape);
            return tf.mul<tf.Tensor4D>(neighbour, weight);
          });
          return tf.div<tf.Tensor4D>(tf.addN(terms), kernel * kernel);
        }),
    };
  };
}
