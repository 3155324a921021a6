import { LadError, ndArray, type Random } from "@lad/core";
import { param } from "@lad/tensor";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger } from "./check";
import { conv2d } from "./conv2d";
import { type Initializer, kaimingNormal } from "./initializers";
import type { Layer } from "./layer";

export type ConvLayerOptions = {
  /** Input channels. */
  readonly in: number;
  /** Output channels. */
  readonly out: number;
  /** Side of the filter, px. */
  readonly kernel: number;
  readonly stride?: number;
  /** px on each side. */
  readonly padding?: number;
  readonly dilation?: number;
  /** Groups of neighbouring channels that see each other only; divides both numbers of channels. */
  readonly groups?: number;
  readonly bias?: boolean;
  readonly initial?: Initializer;
  readonly biasValue?: number;
  readonly random: Random;
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
  for (const [name, value] of Object.entries({ in: inputs, out: outputs, kernel, groups }))
    checkInteger("convLayer", name, value, 1);
  if (inputs % groups !== 0 || outputs % groups !== 0)
    throw new LadError(
      "INVALID_ARGUMENT",
      `convLayer: groups (${groups}) must divide the ${inputs} input and the ${outputs} output channels`,
    );
  const shape = [kernel, kernel, inputs / groups, outputs];
  const weight = param(ndArray(initial(shape, random), shape), { layout: "conv" });
  const params = new Map([["weight", weight]]);
  if (bias) params.set("bias", param(ndArray(new Float32Array(outputs).fill(biasValue), [outputs])));
  const filter = weight.variable as unknown as Tensor4D;
  const shift = params.get("bias")?.variable;
  const options = { stride, padding, dilation, groups, ...(shift ? { bias: shift } : {}) };
  return { params, forward: (x) => conv2d(x, filter, options) };
}
