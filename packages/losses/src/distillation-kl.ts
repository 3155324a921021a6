import { customOp } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { checkPositive, checkRows, checkSameShape } from "./check";
import { fusedLoss, weightsOnDevice } from "./fused-loss";
import { logSoftmax } from "./log-softmax";
import { onDevice, type RowLossOptions, reduceRows, reductionOf, rowFactors } from "./row-loss";

export type DistillationKlOptions = RowLossOptions & {
  /** Both logits are divided by it; the loss is multiplied by its square. */
  readonly temperature?: number;
};

/**
 * Kullback-Leibler divergence from a teacher's distribution at a temperature T: `T² · mean_k q_k·(ln q_k − ln p_k)`, q and p the softmax of
 * teacher / T and predicted / T; the mean over the K bins, not the sum. The teacher is a constant. Closed-form gradient.
 * Follows LD's `knowledge_distillation_kl_div_loss`.
 * @param predicted `[N, K]` logits of the student. N may be 0.
 * @param teacher `[N, K]` logits.
 * @returns Scalar, or `[N]` with reduction "none".
 * @throws {LadError} SHAPE_MISMATCH if shapes differ or weights are not `[N]`, INVALID_ARGUMENT unless temperature > 0.
 * @see arXiv:2102.12252 eq. 3
 */
export function distillationKl(
  predicted: tf.Tensor2D,
  teacher: tf.Tensor2D,
  { temperature = 10, ...options }: DistillationKlOptions = {},
): tf.Tensor {
  checkSameShape("distillationKl", { predicted, teacher });
  checkRows("distillationKl", predicted, { weights: options.weights });
  checkPositive("distillationKl", "temperature", temperature);
  const constants = () => ({ teacher, ...weightsOnDevice(options.weights) });
  return (
    fusedLoss("LadDistillationKl", { predicted }, constants, { temperature, ...reductionOf(options) }) ??
    composed(predicted, teacher, temperature, options)
  );
}

function composed(
  predicted: tf.Tensor2D,
  teacher: tf.Tensor2D,
  temperature: number,
  options: RowLossOptions,
): tf.Tensor {
  const [rows, bins] = predicted.shape;
  return customOp(
    { predicted },
    (save) => {
      if (rows === 0) return reduceRows(tf.zeros([0]), options);
      const [p, q] = [predicted, teacher].map((logits) => logSoftmax(tf.div(logits, temperature)));
      const share = tf.exp(q!);
      save([tf.sub(tf.exp(p!), share), ...(options.weights ? [onDevice(options.weights)] : [])]);
      const divergence = tf.sum(tf.mul(share, tf.sub(q!, p!)), 1);
      return reduceRows(tf.mul(divergence, temperature ** 2 / bins), options);
    },
    (dy, [difference, weights]) => ({
      predicted: () =>
        rows === 0 ? tf.zeros([0, bins]) : tf.mul(difference!, tf.mul(rowFactors(dy, weights), temperature / bins)),
    }),
  );
}
