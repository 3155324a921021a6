import { LadError } from "@lad/core";
import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkRows } from "./check";
import { fusedLoss, weightsOnDevice } from "./fused-loss";
import { logSoftmax } from "./log-softmax";
import { onDevice, type RowLossOptions, type RowValues, reduceRows, reductionOf, rowFactors } from "./row-loss";

/**
 * Distribution focal loss: cross-entropy of a discrete distribution with the two bins around a real target, `−(j + 1 − t)·ln p_j − (t − j)·ln p_{j+1}`,
 * j = floor(t), p = softmax(logits). Targets are constants. Closed-form gradient. Follows mmdet 2.10 `distribution_focal_loss`.
 * @param logits `[N, bins]`; one row a side of a box. N may be 0.
 * @param targets `[N]` in `[0, bins − 1]`, in bins.
 * @returns Scalar, or `[N]` with reduction "none".
 * @throws {LadError} SHAPE_MISMATCH if targets or weights are not `[N]`, INVALID_ARGUMENT if a target on the host is out of range.
 * @see arXiv:2006.04388 eq. 6
 */
export function distributionFocalLoss(
  logits: tf.Tensor2D,
  targets: RowValues,
  options: RowLossOptions = {},
): tf.Tensor {
  checkRows("distributionFocalLoss", logits, { targets, weights: options.weights });
  if (targets instanceof Float32Array) checkTargets(targets, logits.shape[1]);
  const constants = () => ({ targets: onDevice(targets), ...weightsOnDevice(options.weights) });
  return (
    fusedLoss("LadDistributionFocalLoss", { logits }, constants, reductionOf(options)) ??
    composed(logits, targets, options)
  );
}

function composed(logits: tf.Tensor2D, targets: RowValues, options: RowLossOptions): tf.Tensor {
  const [rows, bins] = logits.shape;
  return customOp(
    { logits },
    (save) => {
      if (rows === 0) return reduceRows(tf.zeros([0]), options);
      const logarithm = logSoftmax(logits);
      const shares = binShares(onDevice(targets), bins);
      save([tf.sub(tf.exp(logarithm), shares), ...(options.weights ? [onDevice(options.weights)] : [])]);
      return reduceRows(tf.neg(tf.sum(tf.mul(shares, logarithm), 1)), options);
    },
    (dy, [slope, weights]) => ({
      logits: () => (rows === 0 ? tf.zeros([0, bins]) : tf.mul(slope!, rowFactors(dy, weights))),
    }),
  );
}

/** Weight of each bin: `1 − |t − k|` where that is positive, so that the two around t share 1. `[N, bins]`. */
function binShares(targets: tf.Tensor1D, bins: number): tf.Tensor {
  const places = tf.tensor1d(Float32Array.from({ length: bins }, (_, bin) => bin));
  const apart = tf.abs(tf.sub(tf.reshape(targets, [targets.size, 1]), places));
  return tf.maximum(tf.sub(1, apart), 0);
}

function checkTargets(targets: Float32Array, bins: number): void {
  const wrong = targets.findIndex((target) => target < 0 || target > bins - 1);
  if (wrong >= 0)
    throw new LadError(
      "INVALID_ARGUMENT",
      `distributionFocalLoss: targets must lie in [0, ${bins - 1}] for ${bins} bins, got ${targets[wrong]} in row ${wrong}: clamp them first`,
    );
}
