import { LadError, type Random } from "@lad/core";
import { convLayer, type Layer, normalInit, topValues } from "@lad/nn";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Predicts a box's quality from the shape of its four distributions: logits `[B, H, W, 4·bins]` to `[B, H, W, 1]` in (0, 1). */
export type DistributionQuality = Layer;

/** A head's choice of quality predictor; made by `distributionQuality`. */
export type DistributionQualityFactory = (options: {
  readonly binCount: number;
  readonly random: Random;
}) => DistributionQuality;

export type DistributionQualityOptions = {
  /** Largest probabilities of each side that are read, descending. */
  readonly topk?: number;
  /** Read their mean too. */
  readonly mean?: boolean;
  /** Hidden width. */
  readonly channels?: number;
};

/**
 * Distribution-guided quality predictor (DGQP, arXiv 2011.12885 §3.2): the top-k probabilities of each side and their mean, side by side, through
 * 1×1 convolution, relu, 1×1 convolution, sigmoid. A sharp distribution tells a good box. The gradient reaches the box branch.
 * Parameters `0.*` and `2.*`, normal(0, 0.01), bias 0. Follows GFocalV2's `GFocalHead.reg_conf`.
 * @throws {LadError} INVALID_ARGUMENT unless topk is an integer of at least 1.
 */
export function distributionQuality({
  topk = 4,
  mean = true,
  channels = 64,
}: DistributionQualityOptions = {}): DistributionQualityFactory {
  if (!Number.isInteger(topk) || topk < 1) {
    throw new LadError("INVALID_ARGUMENT", `distributionQuality: topk must be an integer of at least 1, got ${topk}`);
  }
  const perSide = topk + (mean ? 1 : 0);
  return ({ binCount, random }) => {
    const layer = (input: number, out: number) =>
      convLayer({ in: input, out, kernel: 1, bias: true, initial: normalInit(0.01), random });
    const hidden = layer(4 * perSide, channels);
    const output = layer(channels, 1);
    return {
      params: joinParams({ 0: hidden.params, 2: output.params }),
      forward: (logits) =>
        tf.tidy(() => {
          const [batch, height, width] = logits.shape;
          const sides = batch * height * width * 4;
          const best = topValues(tf.softmax(tf.reshape(logits, [sides, binCount]) as tf.Tensor2D), topk);
          const read = mean ? tf.concat([best, tf.mean(best, 1, true) as tf.Tensor2D], 1) : best; // [sides, k or k + 1]
          const statistics = tf.reshape(read, [batch, height, width, 4 * perSide]) as tf.Tensor4D;
          return tf.sigmoid(output.forward(tf.relu(hidden.forward(statistics))));
        }),
    };
  };
}
