import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { type ClassLabels, checkFocal, type RowWeights, spreadLabels } from "./class-targets";
import { type FocalReduction, reduced, spreadBack } from "./focal-reduction";
import { fusedLoss, labelsOnDevice, weightsOnDevice } from "./fused-loss";
import { power } from "./power";
import { softplus } from "./softplus";

export type FocalLossOptions = {
  /** Weight of the true class; the others have 1 − alpha. */
  readonly alpha?: number;
  /** Exponent of the focal factor. */
  readonly gamma?: number;
  /** `[N]`, factor of each row; no gradient. */
  readonly weights?: RowWeights;
  /** `none`: `[N, C]`; `row`: `[N]`, summed over classes; `sum`: scalar. */
  readonly reduction?: FocalReduction;
};

/**
 * Focal loss on logits, one binary problem per class: `α_t · (1 − p_t)^γ · −ln p_t`, p = sigmoid(logits), p_t = p for the row's class and 1 − p else.
 * Closed-form gradient. Follows mmdet 2.10 `sigmoid_focal_loss`.
 * @param logits `[N, C]`. N may be 0.
 * @param labels `[N]` class in `[0, C)`; C or anything outside is background, all classes of the row false.
 * @returns Scalar, `[N]` with reduction "row", or `[N, C]` with "none".
 * @throws {LadError} SHAPE_MISMATCH if labels or weights are not `[N]`, INVALID_ARGUMENT if gamma < 0.
 * @see arXiv:1708.02002 eq. 5
 */
export function sigmoidFocalLoss(
  logits: tf.Tensor2D,
  labels: ClassLabels,
  { alpha = 0.25, gamma = 2, weights, reduction = "sum" }: FocalLossOptions = {},
): tf.Tensor {
  checkFocal("sigmoidFocalLoss", logits, labels, weights, gamma);
  const constants = () => ({ labels: labelsOnDevice(labels), ...weightsOnDevice(weights) });
  const attributes = { form: "sigmoid", alpha, gamma, reduction: reduction === "none" ? "element" : reduction };
  return (
    fusedLoss("LadFocalLoss", { predictions: logits }, constants, attributes) ??
    composed(logits, labels, { alpha, gamma, reduction, ...(weights ? { weights } : {}) })
  );
}

function composed(
  logits: tf.Tensor2D,
  labels: ClassLabels,
  { alpha, gamma, weights, reduction }: Pick<FocalLossOptions, "weights"> & Required<Omit<FocalLossOptions, "weights">>,
): tf.Tensor {
  return customOp(
    { logits },
    (save) => {
      const classes = logits.shape[1];
      const sign = spreadLabels(labels, classes, -1, 1);
      const wrong = tf.mul(logits, sign); // logit of being wrong
      const miss = tf.sigmoid(wrong); // 1 − p_t
      const entropy = softplus(wrong); // −ln p_t
      const factor = tf.mul(spreadLabels(labels, classes, alpha, 1 - alpha, weights), power(miss, gamma));
      save([miss, entropy, tf.mul(factor, sign)]);
      const loss = tf.mul(factor, entropy);
      return reduced(loss, reduction);
    },
    (dy, saved) => {
      const [miss, entropy, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      // d/dz of (1 − p_t)^γ·−ln p_t = (1 − p_t)^γ·(γ·p_t·−ln p_t + 1 − p_t), z the logit of being wrong
      const slope = () => tf.add(tf.mul(tf.mul(entropy, gamma), tf.sub(1, miss)), miss);
      return { logits: () => tf.mul(spreadBack(dy, reduction), tf.mul(factor, slope())) };
    },
  );
}
