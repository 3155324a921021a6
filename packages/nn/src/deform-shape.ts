import { LadError } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";
import { checkInteger, checkRank } from "./check";

/** Sizes of a deformable convolution, as the engines' kernels take them. */
export type DeformShape = {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  /** Groups of neighbouring input and output channels that see each other only. */
  readonly groups: number;
  /** Groups of neighbouring input channels with offsets of their own. */
  readonly deformGroups: number;
  readonly outHeight: number;
  readonly outWidth: number;
};
export type DeformTensors = {
  /** `[B, H, W, I]`. */
  readonly x: tf.Tensor4D;
  /** `[B, H', W', D·KH·KW·2]`. */
  readonly offsets: tf.Tensor4D;
  /** `[KH, KW, I / groups, O]`. */
  readonly filter: tf.Tensor4D;
  /** `[B, H', W', D·KH·KW]`. */
  readonly mask?: tf.Tensor4D;
};

/** Checks that the tensors fit together and reads the two kinds of groups off their channels. */
export function deformShape(
  { x, offsets, filter, mask }: DeformTensors,
  { stride, padding, dilation }: Pick<DeformShape, "stride" | "padding" | "dilation">,
): DeformShape {
  const who = "deformConv2d";
  checkRank(who, "x", x, 4, "[B, H, W, I]");
  checkRank(who, "filter", filter, 4, "[KH, KW, I / groups, O]");
  checkRank(who, "offsets", offsets, 4, "[B, H', W', D·KH·KW·2]");
  checkInteger(who, "stride", stride, 1);
  checkInteger(who, "padding", padding, 0);
  checkInteger(who, "dilation", dilation, 1);
  const [batch, height, width, inputs] = x.shape;
  const [kernelHeight, kernelWidth, each, outputs] = filter.shape;
  const side = (size: number, kernel: number) =>
    Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const [outHeight, outWidth] = [side(height, kernelHeight), side(width, kernelWidth)];
  const taps = kernelHeight * kernelWidth;
  const [groups, deformGroups] = [inputs / each, offsets.shape[3] / (2 * taps)];
  const whole = [groups, deformGroups, outputs / groups, inputs / deformGroups].every(
    (count) => Number.isInteger(count) && count > 0,
  );
  const grid = `${[batch, outHeight, outWidth]}`;
  const fits = [offsets, ...(mask ? [mask] : [])].every(({ shape }) => `${shape.slice(0, 3)}` === grid);
  if (!whole || !fits || outHeight < 1 || outWidth < 1 || (mask && mask.shape[3] !== deformGroups * taps))
    throw new LadError(
      "SHAPE_MISMATCH",
      `${who}: filter [${filter.shape}] (KH, KW, I / groups, O) on x [${x.shape}] gives a map of [${grid}] and wants offsets of 2·KH·KW channels for each ` +
        `deformable group and a mask of half as many there, got offsets [${offsets.shape}]${mask ? ` and mask [${mask.shape}]` : ""}`,
    );
  return { kernelHeight, kernelWidth, stride, padding, dilation, groups, deformGroups, outHeight, outWidth };
}
