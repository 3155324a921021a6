import { LadError, ndArray, type Random } from "@lad/core";
import { type Param, param } from "@lad/tensor";
import { checkInteger } from "./check";
import type { Initializer } from "./initializers";

export type ConvWeightOptions = {
  /** Input channels. */
  readonly in: number;
  /** Output channels. */
  readonly out: number;
  /** Side of the filter, px. */
  readonly kernel: number;
  /** Groups of neighbouring channels that see each other only; divides both numbers of channels. */
  readonly groups: number;
  readonly initial: Initializer;
  readonly random: Random;
};

/** The weight `[KH, KW, I / groups, O]` of a layer. @throws {LadError} INVALID_ARGUMENT in the layer's name for sizes that are not whole or do not divide. */
export function convWeight(layer: string, { initial, random, ...sizes }: ConvWeightOptions): Param {
  for (const [name, value] of Object.entries(sizes)) checkInteger(layer, name, value, 1);
  const { in: inputs, out: outputs, kernel, groups } = sizes;
  if (inputs % groups !== 0 || outputs % groups !== 0)
    throw new LadError(
      "INVALID_ARGUMENT",
      `${layer}: groups (${groups}) must divide the ${inputs} input and the ${outputs} output channels`,
    );
  const shape = [kernel, kernel, inputs / groups, outputs];
  return param(ndArray(initial(shape, random), shape), { layout: "conv" });
}
