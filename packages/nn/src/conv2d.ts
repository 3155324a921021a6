import { LadError } from "@lad/core";
import { fusedKernel } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { checkChannels, checkInteger, checkRank } from "./check";
import { type ConvOptions, composedConv2d } from "./composed-conv2d";
import { customOp } from "./custom-op";
import { sumChannels } from "./sum-pixels";

export type Conv2dOptions = {
  readonly stride?: number;
  /** Zeros added on each side, px. */
  readonly padding?: number;
  /** Distance between the taps of the filter, px. */
  readonly dilation?: number;
  /** Groups of neighbouring channels that see each other only; divides I and O. */
  readonly groups?: number;
  /** `[O]`, added to every pixel. */
  readonly bias?: tf.Tensor | undefined;
};

/**
 * 2-D convolution, channels last; side of the output: `floor((side + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1`, as torch.
 * Differentiable in `x`, `filter` and `bias`.
 * @param x `[B, H, W, I]`.
 * @param filter `[KH, KW, I / groups, O]`.
 * @returns `[B, H', W', O]`.
 * @throws {LadError} SHAPE_MISMATCH if channels or groups do not fit or the filter is larger than the padded map, INVALID_ARGUMENT for stride, padding,
 *   dilation, groups.
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride = 1, padding = 0, dilation = 1, groups = 1, bias }: Conv2dOptions = {},
): tf.Tensor4D {
  const options = { stride, padding, dilation, groups, bias };
  checkConv(x, filter, options);
  if (bias) checkChannels("conv2d", filter.shape[3], { bias });
  return fusedKernel("LadConv2d") ? fusedConv2d(x, filter, options) : composedConv2d(x, filter, options);
}

function checkConv(x: tf.Tensor4D, filter: tf.Tensor4D, { stride, padding, dilation, groups }: ConvOptions): void {
  checkRank("conv2d", "x", x, 4, "[B, H, W, C]");
  checkRank("conv2d", "filter", filter, 4, "[KH, KW, I, O]");
  checkInteger("conv2d", "stride", stride, 1);
  checkInteger("conv2d", "padding", padding, 0);
  checkInteger("conv2d", "dilation", dilation, 1);
  checkInteger("conv2d", "groups", groups, 1);
  const fits = [0, 1].every((axis) => dilation * (filter.shape[axis]! - 1) < x.shape[axis + 1]! + 2 * padding);
  if (x.shape[3] !== filter.shape[2] * groups || filter.shape[3] % groups !== 0 || !fits) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `conv2d: filter [${filter.shape}] (KH, KW, I, O; dilation ${dilation}, groups ${groups}) does not fit x [${x.shape}] (B, H, W, I) with padding ${padding}`,
    );
  }
}

/** By the engine's own kernels: bias, dilation and groups in one pass, forward and backward. */
function fusedConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding, dilation, groups, bias }: ConvOptions,
): tf.Tensor4D {
  const around = [padding, padding];
  const attributes = { strides: stride, pad: [[0, 0], around, around, [0, 0]], dilations: dilation, groups };
  const run = (name: string, inputs: Record<string, tf.Tensor>, shapes = {}) =>
    fusedKernel(name)!(inputs, { ...attributes, ...shapes })[0]!;
  const inputs = { x, filter, ...(bias && { bias }) };
  return customOp<typeof inputs, tf.Tensor>(
    inputs,
    (save) => {
      save([x, filter]);
      return run("LadConv2d", inputs);
    },
    (dy, saved) => {
      const [map, taps] = saved as [tf.Tensor4D, tf.Tensor4D];
      return {
        x: () => run("LadConv2dInputGradient", { dy, filter: taps }, { inputShape: map.shape }),
        filter: () => run("LadConv2dFilterGradient", { x: map, dy }, { filterShape: taps.shape }),
        ...(bias && { bias: () => sumChannels(dy as tf.Tensor4D) }),
      };
    },
  ) as tf.Tensor4D;
}
