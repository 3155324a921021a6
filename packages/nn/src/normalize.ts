import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";
import { finished, type NormFinish, reluWitness, residualGradient } from "./norm-finish";
import { sharedTensors } from "./shared-tensors";
import { sumPixels } from "./sum-pixels";

/** Turns sums per image and channel `[B, C]` into means over each set of normalised values, spread back over channels: `[B or 1, 1, 1, C]`. */
export type PoolSums = (sums: tf.Tensor2D) => tf.Tensor4D;
/** Which values share their statistics. */
export type NormalizedSets = {
  readonly pool: PoolSums;
  /** The batch's images apart (B) or together (1). */
  readonly sets: number;
  /** Groups of neighbouring channels in each. */
  readonly groups: number;
};
/** Is shown the statistics, as `PoolSums` returns them, the variance biased. They are freed behind it; nothing in it is recorded. */
export type ObserveStatistics = (mean: tf.Tensor4D, variance: tf.Tensor4D) => void;

/**
 * What batch norm in training and group norm share: `(x − mean) / sqrt(variance + eps) · scale + offset` with statistics of `x` itself, over the
 * given sets. With g = dy·scale and x̂ the normalised values, dx = (g − mean(g) − x̂·mean(g·x̂)) / sqrt(variance + eps).
 * A residual and a relu follow if `finish` says so.
 */
export function normalize(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  eps: number,
  over: NormalizedSets,
  finish: NormFinish,
  observe: ObserveStatistics = () => undefined,
): tf.Tensor4D {
  if (fusedKernel("LadNormalize")) {
    const attributes = { eps, sets: over.sets, groups: over.groups };
    return fused({ x, scale, offset }, attributes, finish, observe);
  }
  return finished(composed(x, scale, offset, eps, over.pool, observe), finish);
}

type Affine = { readonly x: tf.Tensor; readonly scale: tf.Tensor; readonly offset: tf.Tensor };

function fused(
  affine: Affine,
  attributes: Readonly<Record<string, number>>,
  finish: NormFinish,
  observe: ObserveStatistics,
): tf.Tensor4D {
  const { residual, relu = false } = finish;
  const witness = reluWitness(finish);
  const inputs: Record<string, tf.Tensor> = { ...affine, ...(residual && { residual }) };
  return customOp<Record<string, tf.Tensor>, tf.Tensor4D>(
    inputs,
    (save) => {
      const outputs = fusedKernel("LadNormalize")!(inputs, { ...attributes, relu });
      const [y, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      save([affine.x, affine.scale, mean, variance, ...(witness ? [{ y, offset: affine.offset }[witness]] : [])]);
      observe(mean, variance);
      return y;
    },
    (dy, [x, scale, mean, variance, seen]) => {
      const made = sharedTensors(() =>
        fusedKernel("LadNormalizeGradient")!(
          { dy, x: x!, scale: scale!, mean: mean!, variance: variance!, ...(witness && { [witness]: seen! }) },
          attributes,
        ),
      );
      const three = { x: () => made()[0]!, scale: () => made()[1]!, offset: () => made()[2]! };
      return { ...three, ...residualGradient(dy, made, finish) };
    },
  );
}

function composed(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  eps: number,
  pool: PoolSums,
  observe: ObserveStatistics,
): tf.Tensor4D {
  return customOp(
    { x, scale, offset },
    (save) => {
      const mean = pool(sumPixels(x));
      const centred = tf.sub<tf.Tensor4D>(x, mean);
      const variance = pool(sumPixels(tf.square(centred)));
      const inverse = tf.rsqrt(tf.add<tf.Tensor4D>(variance, eps));
      save([x, scale, mean, inverse]);
      observe(mean, variance);
      return tf.add<tf.Tensor4D>(tf.mul(centred, tf.mul(inverse, scale)), offset);
    },
    (dy, saved) => gradients(dy, saved, pool),
  );
}

function gradients(dy: tf.Tensor4D, saved: tf.Tensor[], pool: PoolSums) {
  const [x, scale, mean, inverse] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor4D, tf.Tensor4D];
  const centred = tf.sub<tf.Tensor4D>(x, mean);
  const flatInverse = tf.reshape(inverse, [inverse.shape[0], inverse.shape[3]]);
  const sums = sumPixels(dy); // [B, C]
  const products = tf.mul(sumPixels(tf.mul(dy, centred)), flatInverse); // [B, C], sums of dy·x̂
  const input = () => {
    const meanGradient = pool(tf.mul(sums, scale));
    const meanProduct = pool(tf.mul(products, scale));
    const slope = tf.mul(tf.square(inverse), meanProduct);
    const straight = tf.mul(dy, tf.mul(inverse, scale));
    return tf.sub(straight, tf.add(tf.mul(centred, slope), tf.mul(inverse, meanGradient)));
  };
  return { x: input, scale: () => tf.sum(products, 0), offset: () => tf.sum(sums, 0) };
}
