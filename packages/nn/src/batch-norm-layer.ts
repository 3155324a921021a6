import { LadError, ndArray } from "@lad/core";
import { currentTape, fusedKernel, param, type Tape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { batchNorm } from "./batch-norm";
import { batchNormTrain } from "./batch-norm-train";
import { checkInteger } from "./check";
import type { NormLayer } from "./layer";
import type { NormFinish } from "./norm-finish";

export type BatchNormLayerOptions = {
  readonly channels: number;
  readonly eps?: number;
  /** Share of the batch's statistics in a move of the stored ones. */
  readonly momentum?: number;
  /** Initial weight; 0 for the last norm of a residual block. */
  readonly scale?: number;
  /** `stored`: the stored statistics also in mode "train", never moved (mmdet's `norm_eval`). */
  readonly statistics?: "batch" | "stored";
};

/**
 * Batch norm with its parameters `weight`, `bias` and the buffers `running_mean`, `running_var`. In mode "train" it normalises with the batch's
 * statistics and moves the stored ones (unbiased variance, as torch): once per tape however often it runs under it, always without a tape.
 * A residual and a relu can follow in the same pass.
 */
export function batchNormLayer({
  channels,
  eps = 1e-5,
  momentum = 0.1,
  scale = 1,
  statistics = "batch",
}: BatchNormLayerOptions): NormLayer {
  checkInteger("batchNormLayer", "channels", channels, 1);
  const filled = (value: number) => ndArray(new Float32Array(channels).fill(value), [channels]);
  const weight = param(filled(scale));
  const bias = param(filled(0));
  const mean = param(filled(0), { kind: "buffer" });
  const variance = param(filled(1), { kind: "buffer" });
  const affine = { scale: weight.variable, offset: bias.variable, eps };
  let moved: Tape | undefined;

  const train = (x: tf.Tensor4D, finish: NormFinish): tf.Tensor4D => {
    const count = x.size / channels;
    if (count < 2)
      throw new LadError(
        "INVALID_ARGUMENT",
        `batchNormLayer: training needs more than 1 value per channel, got x [${x.shape}]`,
      );
    const tape = currentTape();
    const isFirst = !tape || tape !== moved;
    moved = tape;
    const move = (ofBatch: tf.Tensor1D, spread: tf.Tensor1D) => {
      moveAverage(mean.variable, ofBatch, { keep: 1 - momentum, take: momentum });
      moveAverage(variance.variable, spread, { keep: 1 - momentum, take: (momentum * count) / (count - 1) });
    };
    return batchNormTrain(x, { ...affine, ...finish, observe: isFirst ? move : undefined });
  };

  return {
    params: new Map([
      ["weight", weight],
      ["bias", bias],
      ["running_mean", mean],
      ["running_var", variance],
    ]),
    forward: (x, mode = "eval", finish = {}) =>
      mode === "train" && statistics === "batch"
        ? tf.tidy(() => train(x, finish))
        : batchNorm(x, { ...affine, ...finish, mean: mean.variable, variance: variance.variable }),
  };
}

/** `stored ← keep · stored + take · fresh`, in the engine's own pass if it has one. To be called in a tidy. */
function moveAverage(
  stored: tf.Variable,
  fresh: tf.Tensor,
  shares: { readonly keep: number; readonly take: number },
): void {
  const kernel = fusedKernel("LadBlend");
  const { keep, take } = shares;
  stored.assign(kernel ? kernel({ stored, fresh }, shares)[0]! : tf.add(tf.mul(stored, keep), tf.mul(fresh, take)));
}
