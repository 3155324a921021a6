import { LadError } from "@lad/core";
import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkRows } from "./check";
import { type ClassLabels, spreadLabels } from "./class-targets";
import { fusedLoss, labelsOnDevice, weightsOnDevice } from "./fused-loss";
import { power } from "./power";
import { onDevice, type RowLossOptions, type RowValues, reduceRows, reductionOf, rowFactors } from "./row-loss";
import { softplus } from "./softplus";

export type QualityFocalLossOptions = RowLossOptions & {
  /** Exponent of the focal factor `|q − p|`. */
  readonly beta?: number;
  /** `logit`: p = sigmoid(predictions); `probability`: predictions are p in [0, 1], logarithms clamped at −100 as torch's. */
  readonly form?: "logit" | "probability";
};

/**
 * Quality focal loss, summed over the classes of a row: `Σ_c |q_c − p_c|^β · (−q_c·ln p_c − (1 − q_c)·ln(1 − p_c))`, q the row's score at its class and
 * 0 elsewhere. The focal factor is differentiated too; labels and scores are constants. Closed-form gradient. Follows mmdet 2.10 `quality_focal_loss`.
 * @param predictions `[N, C]` logits or probabilities. N may be 0.
 * @param labels `[N]` class in `[0, C)`; anything outside is background, all classes of the row have target 0.
 * @param scores `[N]` the quality of each row's box (its IoU) in [0, 1]; without effect in rows of background.
 * @returns Scalar, or `[N]` with reduction "none".
 * @throws {LadError} SHAPE_MISMATCH if labels, scores or weights are not `[N]`, INVALID_ARGUMENT if beta < 0.
 * @see arXiv:2006.04388 eq. 3
 */
export function qualityFocalLoss(
  predictions: tf.Tensor2D,
  labels: ClassLabels,
  scores: RowValues,
  { beta = 2, form = "logit", ...options }: QualityFocalLossOptions = {},
): tf.Tensor {
  checkRows("qualityFocalLoss", predictions, { labels, scores, weights: options.weights });
  if (!(beta >= 0)) throw new LadError("INVALID_ARGUMENT", `qualityFocalLoss: beta must be at least 0, got ${beta}`);
  const constants = () => ({
    labels: labelsOnDevice(labels),
    scores: onDevice(scores),
    ...weightsOnDevice(options.weights),
  });
  const attributes = {
    form: form === "logit" ? "quality" : "probabilityQuality",
    gamma: beta,
    ...reductionOf(options),
  };
  return (
    fusedLoss("LadFocalLoss", { predictions }, constants, attributes) ??
    composed(predictions, labels, scores, { beta, form, ...options })
  );
}

function composed(
  predictions: tf.Tensor2D,
  labels: ClassLabels,
  scores: RowValues,
  { beta, form, ...options }: RowLossOptions & { readonly beta: number; readonly form: "logit" | "probability" },
): tf.Tensor {
  return customOp(
    { predictions },
    (save) => {
      const targets = spreadLabels(labels, predictions.shape[1], 1, 0, scores);
      const probability = form === "logit" ? tf.sigmoid(predictions) : predictions;
      const entropy =
        form === "logit"
          ? tf.sub<tf.Tensor>(softplus(predictions), tf.mul(targets, predictions))
          : probabilityEntropy(predictions, targets);
      const difference = tf.sub<tf.Tensor>(probability, targets);
      save([probability, entropy, difference, ...(options.weights ? [onDevice(options.weights)] : [])]);
      return reduceRows(tf.sum(tf.mul(entropy, power(tf.abs(difference), beta)), 1), options);
    },
    (dy, saved) => {
      const [probability, entropy, difference, weights] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
      const slope = () => {
        const variance = tf.mul(probability, tf.sub(1, probability)); // dp / d(logit)
        const parts = slopeParts(difference, entropy, beta);
        return form === "logit"
          ? tf.add(parts.ofEntropy, tf.mul(parts.ofFactor, variance))
          : tf.add(tf.div(parts.ofEntropy, tf.maximum(variance, 1e-12)), parts.ofFactor);
      };
      return { predictions: () => tf.mul(slope(), rowFactors(dy, weights)) };
    },
  );
}

/** With d = p − q: `ofEntropy` = d·|d|^β, slope of the entropy per logit, times the factor; `ofFactor` = entropy · d|d|^β/dp. */
function slopeParts(difference: tf.Tensor, entropy: tf.Tensor, beta: number) {
  const size = tf.abs(difference);
  const ofEntropy = tf.mul(difference, power(size, beta));
  if (beta === 0) return { ofEntropy, ofFactor: tf.zerosLike(entropy) };
  const steepness = tf.mul(tf.mul(tf.sign(difference), beta), beta === 1 ? 1 : power(size, beta - 1));
  return { ofEntropy, ofFactor: tf.mul(entropy, steepness) };
}

/** Cross-entropy of probabilities with logarithms of at least −100, as torch's `binary_cross_entropy`. */
function probabilityEntropy(p: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const logarithm = (q: tf.Tensor) => tf.maximum(tf.log(q), -100);
  const hit = tf.mul(targets, logarithm(p));
  return tf.neg(tf.add(hit, tf.mul(tf.sub(1, targets), logarithm(tf.sub(1, p)))));
}
