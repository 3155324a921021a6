import type { Random } from "@lad/core";
import type { Params } from "@lad/tensor";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Turns class logits into probabilities with outputs of its own on the box tower. */
export type ClassProbability = {
  readonly params: Params;
  /** @param logits `[B, H, W, C]` @param boxFeatures `[B, H, W, channels]` @returns `[B, H, W, C]` in [0, 1]. */
  forward(logits: Tensor4D, boxFeatures: Tensor4D): Tensor4D;
};

/** A head's choice of class probability; made by `implicitObject` and `conditionalObjectness`. */
export type ClassProbabilityFactory = (options: { readonly in: number; readonly random: Random }) => ClassProbability;
