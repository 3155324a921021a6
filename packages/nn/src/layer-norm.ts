import { LadError } from "@lad/core";
import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkChannels } from "./check";
import { customOp } from "./custom-op";
import { sharedTensors } from "./shared-tensors";

export type LayerNormOptions = {
  /** `[C]`. */
  readonly scale: tf.Tensor;
  /** `[C]`. */
  readonly offset: tf.Tensor;
  /** Added to the variance. */
  readonly eps?: number;
};

/**
 * Layer norm over the last axis: `(x − mean) / sqrt(variance + eps) · scale + offset`, mean and biased variance of each row. With g = dy·scale and x̂ the
 * normalised row, dx = (g − mean(g) − x̂·mean(g·x̂)) / sqrt(variance + eps). Differentiable in `x`, `scale` and `offset`. Follows torch's `layer_norm`.
 * @param x `[…, C]`.
 * @throws {LadError} SHAPE_MISMATCH if x has no axis or a vector is not `[C]`.
 */
export function layerNorm<T extends tf.Tensor>(x: T, { scale, offset, eps = 1e-5 }: LayerNormOptions): T {
  if (x.rank < 1) throw new LadError("SHAPE_MISMATCH", "layerNorm: x must be [..., C], got a scalar");
  checkChannels("layerNorm", x.shape.at(-1)!, { scale, offset });
  const inputs = { x: x as tf.Tensor, scale, offset };
  return (fusedKernel("LadLayerNorm") ? fused(inputs, eps) : composed(inputs, eps)) as T;
}

type Inputs = { x: tf.Tensor; scale: tf.Tensor; offset: tf.Tensor };

function fused(inputs: Inputs, eps: number): tf.Tensor {
  return customOp<Inputs, tf.Tensor>(
    inputs,
    (save) => {
      const [y, ...statistics] = fusedKernel("LadLayerNorm")!(inputs, { eps });
      save([inputs.x, inputs.scale, ...statistics]);
      return y!;
    },
    (dy, saved) => {
      const [x, scale, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const made = sharedTensors(() => fusedKernel("LadLayerNormGradient")!({ dy, x, scale, mean, inverse }, {}));
      return { x: () => made()[0]!, scale: () => made()[1]!, offset: () => made()[2]! };
    },
  );
}

function composed(inputs: Inputs, eps: number): tf.Tensor {
  const { shape } = inputs.x;
  const count = tf.util.sizeFromShape(shape.slice(0, -1));
  const rows = (tensor: tf.Tensor) => tf.reshape(tensor, [count, shape.at(-1)!]);
  return customOp<Inputs, tf.Tensor>(
    inputs,
    (save) => {
      const x = rows(inputs.x);
      const centred = tf.sub(x, tf.mean(x, 1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), eps));
      const unit = tf.mul(centred, inverse); // [N, C]
      save([unit, inverse, inputs.scale]);
      return tf.reshape(tf.add(tf.mul(unit, inputs.scale), inputs.offset), shape);
    },
    (dy, saved) => {
      const [unit, inverse, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const slope = rows(dy);
      const input = () => {
        const g = tf.mul(slope, scale);
        const product = tf.mul(unit, tf.mean(tf.mul(g, unit), 1, true));
        return tf.reshape(tf.mul(inverse, tf.sub(tf.sub(g, tf.mean(g, 1, true)), product)), shape);
      };
      return { x: input, scale: () => tf.sum(tf.mul(slope, unit), 0), offset: () => tf.sum(slope, 0) };
    },
  );
}
