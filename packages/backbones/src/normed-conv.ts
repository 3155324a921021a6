import type { Random } from "@lad/core";
import { batchNormLayer, convLayer, deformConvLayer, type Layer, type NormFinish, type NormLayer } from "@lad/nn";
import type { Mode } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";

/** How the batch norms of a stage normalise in mode `train`: with the batch's statistics, or with the stored ones (mmdet's `norm_eval`). */
export type NormStatistics = "batch" | "stored";

/** A deformable 3×3 convolution in place of the plain one. */
export type Deformable = {
  /** v2: samples are weighted by a mask too (arXiv 1811.11168); default v1 (arXiv 1703.06211). */
  readonly modulated?: boolean;
  readonly deformGroups?: number;
};

export type NormedConv = { readonly conv: Layer; readonly norm: NormLayer };

export type NormedConvOptions = {
  readonly in: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly deformable?: Deformable | undefined;
  /** Initial weight of the norm. */
  readonly scale?: number;
};

/** A convolution without bias and the batch norm of its output. */
export function normedConv(
  { statistics, random }: { readonly statistics: NormStatistics; readonly random: Random },
  { scale = 1, deformable, ...shape }: NormedConvOptions,
): NormedConv {
  return {
    conv: deformable ? deformConvLayer({ ...shape, ...deformable, random }) : convLayer({ ...shape, random }),
    norm: batchNormLayer({ channels: shape.out, scale, statistics }),
  };
}

/** The norm of the convolution, finished in one pass. */
export function applyNormed({ conv, norm }: NormedConv, x: tf.Tensor4D, mode?: Mode, finish?: NormFinish): tf.Tensor4D {
  return norm.forward(conv.forward(x), mode, finish);
}
