import { LadError } from "@lad/core";
import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkSameShape } from "./check";
import { softplus } from "./softplus";

export type FocalKlOptions = {
  /** Exponent of the focal factor `|t − p|`. */
  readonly gamma?: number;
  /** `logit`: p = sigmoid(predicted); `probability`: predicted is p, and p and t are clamped to [1e-4, 0.9999] first. */
  readonly form?: "logit" | "probability";
};

const NEAR_ZERO = 1e-4;
const NEAR_ONE = 0.9999;

/**
 * Focal Kullback-Leibler divergence of two coins: `(t·ln(t / p) + (1 − t)·ln((1 − t) / (1 − p))) · ((t − p)² + 1e-6)^(γ/2)`, elementwise, not
 * reduced, with 0·ln 0 = 0. The focal factor is differentiated too. Follows ccdet's FocalKLLoss.
 * @param predicted logits or probabilities of any shape, also empty.
 * @param targets the teacher's probabilities, the same shape; constants to the gradient.
 * @throws {LadError} SHAPE_MISMATCH if the shapes differ, INVALID_ARGUMENT if gamma < 0.
 */
export function focalKl<T extends tf.Tensor>(
  predicted: T,
  targets: T,
  { gamma = 0.5, form = "logit" }: FocalKlOptions = {},
): T {
  checkSameShape("focalKl", { predicted, targets });
  if (!(gamma >= 0)) throw new LadError("INVALID_ARGUMENT", `focalKl: gamma must be at least 0, got ${gamma}`);
  return form === "logit" ? onLogits(predicted, targets, gamma) : onProbabilities(predicted, targets, gamma);
}

function onLogits<T extends tf.Tensor>(predicted: T, targets: T, gamma: number): T {
  return customOp(
    { predicted },
    (save) => {
      const probability = tf.sigmoid(predicted);
      const crossEntropy = tf.sub(softplus(predicted), tf.mul(targets, predicted));
      const divergence = tf.add(crossEntropy, negativeEntropy(targets));
      save([probability, divergence, targets]);
      return tf.mul<T>(divergence, focus(tf.sub(probability, targets), gamma / 2));
    },
    (dy, saved) => {
      const [probability, divergence, target] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const slope = () => {
        const ofProbability = tf.mul(probability, tf.sub(1, probability));
        return focalSlope(divergence, tf.sub(probability, target), ofProbability, gamma);
      };
      return { predicted: () => tf.mul(dy, slope()) };
    },
  );
}

function onProbabilities<T extends tf.Tensor>(predicted: T, targets: T, gamma: number): T {
  return customOp(
    { predicted },
    (save) => {
      const [p, t] = [tf.clipByValue(predicted, NEAR_ZERO, NEAR_ONE), tf.clipByValue(targets, NEAR_ZERO, NEAR_ONE)];
      const crossEntropy = tf.add(tf.mul(t, tf.log(p)), tf.mul(tf.sub(1, t), tf.log(tf.sub(1, p))));
      const divergence = tf.sub(negativeEntropy(t), crossEntropy);
      save([predicted, p, divergence, t]);
      return tf.mul<T>(divergence, focus(tf.sub(p, t), gamma / 2));
    },
    (dy, saved) => {
      const [raw, p, divergence, t] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const slope = () => {
        const variance = tf.mul(p, tf.sub(1, p));
        const perLogit = focalSlope(divergence, tf.sub(p, t), variance, gamma);
        const open = tf.cast(tf.logicalAnd(tf.greaterEqual(raw, NEAR_ZERO), tf.lessEqual(raw, NEAR_ONE)), "float32");
        return tf.mul(tf.div(perLogit, variance), open);
      };
      return { predicted: () => tf.mul(dy, slope()) };
    },
  );
}

/** d/d(logit) of divergence · focus, with d = p − t and variance = p·(1 − p) = dp/d(logit). */
function focalSlope(divergence: tf.Tensor, d: tf.Tensor, variance: tf.Tensor, gamma: number): tf.Tensor {
  const ofDivergence = tf.mul(d, focus(d, gamma / 2));
  const ofFocus = tf.mul(tf.mul(divergence, focus(d, gamma / 2 - 1)), tf.mul(tf.mul(d, gamma), variance));
  return tf.add(ofDivergence, ofFocus);
}

function focus(difference: tf.Tensor, exponent: number): tf.Tensor {
  return tf.pow(tf.add(tf.square(difference), 1e-6), exponent);
}

/** `t·ln t + (1 − t)·ln(1 − t)`, 0 at 0 and 1. */
function negativeEntropy(t: tf.Tensor): tf.Tensor {
  const part = (q: tf.Tensor) => tf.mul(q, tf.log(tf.maximum(q, 1e-30)));
  return tf.add(part(t), part(tf.sub(1, t)));
}
