import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { type ClassLabels, checkFocal, spreadLabels } from "./class-targets";
import { reduced, spreadBack } from "./focal-reduction";
import { power } from "./power";
import type { FocalLossOptions } from "./sigmoid-focal-loss";

/**
 * Focal loss on probabilities: `α_t · (1 − p_t)^γ · −max(ln p_t, −100)`; the gradient of the cross-entropy divides by `max(p·(1 − p), 1e-12)`.
 * So a true class of probability 0 costs 25 at α 0.25 and has a huge slope: it must come from an operation that is closed there (ReLU at 0).
 * Follows ccdet's ProbFocalLoss on torch's `binary_cross_entropy`.
 * @param probabilities `[N, C]` in [0, 1]. N may be 0.
 * @param labels `[N]` class in `[0, C)`; C or anything outside is background.
 * @returns Scalar, `[N]` with reduction "row", or `[N, C]` with "none".
 * @throws {LadError} SHAPE_MISMATCH if labels or weights are not `[N]`, INVALID_ARGUMENT if gamma < 0.
 */
export function probabilityFocalLoss(
  probabilities: tf.Tensor2D,
  labels: ClassLabels,
  { alpha = 0.25, gamma = 2, weights, reduction = "sum" }: FocalLossOptions = {},
): tf.Tensor {
  checkFocal("probabilityFocalLoss", probabilities, labels, weights, gamma);
  return customOp(
    { probabilities },
    (save) => {
      const classes = probabilities.shape[1];
      const hit = tf.abs(tf.sub(spreadLabels(labels, classes, 0, 1), probabilities)); // p_t, without rounding 1 − (1 − p)
      const miss = tf.abs(tf.sub(spreadLabels(labels, classes, 1, 0), probabilities)); // 1 − p_t
      const entropy = tf.neg(tf.maximum(tf.log(hit), -100));
      const factor = spreadLabels(labels, classes, alpha, 1 - alpha, weights);
      save([hit, miss, entropy, tf.mul(factor, spreadLabels(labels, classes, -1, 1))]);
      const loss = tf.mul(factor, tf.mul(power(miss, gamma), entropy));
      return reduced(loss, reduction);
    },
    (dy, saved) => {
      const [hit, miss, entropy, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inner = () => tf.mul(factor, slope(hit, miss, entropy, gamma));
      return { probabilities: () => tf.mul(spreadBack(dy, reduction), inner()) };
    },
  );
}

/** d/d(1 − p_t) of `(1 − p_t)^γ · entropy`. */
function slope(hit: tf.Tensor, miss: tf.Tensor, entropy: tf.Tensor, gamma: number): tf.Tensor {
  const ofEntropy = tf.div(power(miss, gamma + 1), tf.maximum(tf.mul(hit, miss), 1e-12));
  if (gamma === 0) return ofEntropy;
  const ofFactor = gamma === 1 ? entropy : tf.mul(tf.mul(power(miss, gamma - 1), entropy), gamma);
  return tf.add(ofFactor, ofEntropy);
}
