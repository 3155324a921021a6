import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkInteger } from "./check";
import { type ConvLayerOptions, convLayer } from "./conv-layer";
import { convWeight } from "./conv-weight";
import { deformConv2d } from "./deform-conv2d";
import { constant, kaimingNormal } from "./initializers";
import type { Layer } from "./layer";

export type DeformConvLayerOptions = Omit<ConvLayerOptions, "bias" | "biasValue"> & {
  readonly deformGroups?: number;
  /** v2: samples are weighted by a sigmoid too. */
  readonly modulated?: boolean;
};

/**
 * A deformable convolution that predicts its own offsets, and with `modulated` its mask, by an ordinary convolution of the same window that starts at
 * zero: parameters `weight`, `conv_offset.weight`, `conv_offset.bias` (mmcv's `DeformConv2dPack`, `ModulatedDeformConv2dPack`).
 * The predicted channels are the offsets, D·KH·KW·2, then the mask's logits, D·KH·KW.
 */
export function deformConvLayer({
  in: inputs,
  out: outputs,
  kernel,
  stride = 1,
  padding = (kernel - 1) / 2,
  dilation = 1,
  groups = 1,
  deformGroups = 1,
  modulated = false,
  initial = kaimingNormal,
  random,
}: DeformConvLayerOptions): Layer {
  checkInteger("deformConvLayer", "deformGroups", deformGroups, 1);
  const weight = convWeight("deformConvLayer", { in: inputs, out: outputs, kernel, groups, initial, random });
  const samples = deformGroups * kernel * kernel;
  const offsets = convLayer({
    in: inputs,
    out: samples * (modulated ? 3 : 2),
    kernel,
    stride,
    padding,
    dilation,
    bias: true,
    initial: constant(0),
    random,
  });
  const filter = weight.variable as unknown as tf.Tensor4D;
  const part = (channels: tf.Tensor4D, from: number, count: number) =>
    tf.slice(channels, [0, 0, 0, from], [-1, -1, -1, count]);
  return {
    params: joinParams({ "": new Map([["weight", weight]]), conv_offset: offsets.params }),
    forward: (x) =>
      tf.tidy(() => {
        const predicted = offsets.forward(x);
        if (!modulated) return deformConv2d(x, predicted, filter, { stride, padding, dilation });
        const mask = tf.sigmoid(part(predicted, 2 * samples, samples));
        return deformConv2d(x, part(predicted, 0, 2 * samples), filter, { mask, stride, padding, dilation });
      }),
  };
}
