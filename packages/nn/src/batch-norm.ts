import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkRank } from "./check";
import { customOp } from "./custom-op";
import { checkFinish, finished, type NormFinish, reluWitness, residualGradient } from "./norm-finish";
import { sharedTensors } from "./shared-tensors";
import { sumChannels } from "./sum-pixels";

export type BatchNormOptions = {
  /** `[C]`. */
  readonly scale: tf.Tensor;
  /** `[C]`. */
  readonly offset: tf.Tensor;
  /** `[C]`, given, no gradient. */
  readonly mean: tf.Tensor;
  /** `[C]`, given, no gradient. */
  readonly variance: tf.Tensor;
  /** Added to the variance. */
  readonly eps?: number;
} & NormFinish;

/**
 * Batch norm with given statistics: `(x − mean) / sqrt(variance + eps) · scale + offset`, then a residual and a relu if they are wanted.
 * Differentiable in `x`, `scale`, `offset` and `residual`; the statistics are constants.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} SHAPE_MISMATCH if a vector is not `[C]` or the residual not of x's shape.
 */
export function batchNorm(
  x: tf.Tensor4D,
  { scale, offset, mean, variance, eps = 1e-5, residual, relu = false }: BatchNormOptions,
): tf.Tensor4D {
  checkRank("batchNorm", "x", x, 4, "[B, H, W, C]");
  checkChannels("batchNorm", x.shape[3], { scale, offset, mean, variance });
  const finish = { residual, relu };
  checkFinish("batchNorm", x, finish);
  if ((residual || relu) && fusedKernel("LadBatchNorm"))
    return fused({ x, scale, offset, ...(residual && { residual }) }, { mean, variance }, eps, finish);
  const vectors = [scale, offset, mean, variance] as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  return tf.tidy(() => finished(composed(x, ...vectors, eps), finish));
}

function composed(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  eps: number,
): tf.Tensor4D {
  return customOp(
    { x, scale, offset },
    (save) => {
      save([x, scale, mean, variance]);
      return tf.batchNorm4d(x, mean, variance, offset, scale, eps);
    },
    (dy, saved) => {
      const [input, weight, center, spread] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      const kernel = fusedKernel("LadBatchNormGradient");
      if (kernel) {
        const inputs = { dy, x: input, scale: weight, mean: center, variance: spread };
        const fused = sharedTensors(() => kernel(inputs, { eps }));
        return { x: () => fused()[0]!, scale: () => fused()[1]!, offset: () => fused()[2]! };
      }
      const inverse = tf.rsqrt(tf.add(spread, eps));
      return {
        x: () => tf.mul(dy, tf.mul(weight, inverse)),
        scale: () => tf.mul(sumChannels(tf.mul(dy, tf.sub(input, center))), inverse),
        offset: () => sumChannels(dy),
      };
    },
  );
}

type Differentiated = {
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
  readonly residual?: tf.Tensor;
};

/** Norm, residual and relu in one pass, forward and backward. */
function fused(
  inputs: Differentiated,
  statistics: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
  eps: number,
  finish: NormFinish,
): tf.Tensor4D {
  const witness = reluWitness(finish);
  return customOp<Differentiated & Record<string, tf.Tensor>, tf.Tensor>(
    inputs as Differentiated & Record<string, tf.Tensor>,
    (save) => {
      const y = fusedKernel("LadBatchNorm")!({ ...inputs, ...statistics }, { eps, relu: finish.relu })[0]!;
      const seen = witness ? [{ y, offset: inputs.offset }[witness]] : [];
      save([inputs.x, inputs.scale, statistics.mean, statistics.variance, ...seen]);
      return y;
    },
    (dy, [x, scale, mean, variance, seen]) => {
      const made = sharedTensors(() =>
        fusedKernel("LadBatchNormGradient")!(
          { dy, x: x!, scale: scale!, mean: mean!, variance: variance!, ...(witness && { [witness]: seen! }) },
          { eps },
        ),
      );
      const three = { x: () => made()[0]!, scale: () => made()[1]!, offset: () => made()[2]! };
      return { ...three, ...residualGradient(dy, made, finish) };
    },
  ) as tf.Tensor4D;
}
