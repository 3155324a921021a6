import { ndArray } from "@lad/core";
import { param } from "@lad/tensor";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type ConvWeightOptions, convWeight } from "./conv-weight";
import { conv2d } from "./conv2d";
import { kaimingNormal } from "./initializers";
import type { Layer } from "./layer";

export type ConvLayerOptions = Omit<ConvWeightOptions, "groups" | "initial"> &
  Partial<Pick<ConvWeightOptions, "groups" | "initial">> & {
    readonly stride?: number;
    /** px on each side. */
    readonly padding?: number;
    readonly dilation?: number;
    readonly bias?: boolean;
    readonly biasValue?: number;
  };

/** A convolution with its parameters `weight` and, if wanted, `bias`. */
export function convLayer({
  in: inputs,
  out: outputs,
  kernel,
  stride = 1,
  padding = (kernel - 1) / 2,
  dilation = 1,
  groups = 1,
  bias = false,
  initial = kaimingNormal,
  biasValue = 0,
  random,
}: ConvLayerOptions): Layer {
  const weight = convWeight("convLayer", { in: inputs, out: outputs, kernel, groups, initial, random });
  const params = new Map([["weight", weight]]);
  if (bias) params.set("bias", param(ndArray(new Float32Array(outputs).fill(biasValue), [outputs])));
  const filter = weight.variable as unknown as Tensor4D;
  const shift = params.get("bias")?.variable;
  const options = { stride, padding, dilation, groups, ...(shift ? { bias: shift } : {}) };
  return { params, forward: (x) => conv2d(x, filter, options) };
}
