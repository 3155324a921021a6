import { ndArray } from "@lad/core";
import { param } from "@lad/tensor";
import { checkInteger } from "./check";
import { groupNorm } from "./group-norm";
import type { NormLayer } from "./layer";

export type GroupNormLayerOptions = { readonly channels: number; readonly groups: number; readonly eps?: number };

/** Group norm with its parameters `weight` (1) and `bias` (0). */
export function groupNormLayer({ channels, groups, eps = 1e-5 }: GroupNormLayerOptions): NormLayer {
  checkInteger("groupNormLayer", "channels", channels, 1);
  const weight = param(ndArray(new Float32Array(channels).fill(1), [channels]));
  const bias = param(ndArray(new Float32Array(channels), [channels]));
  const options = { scale: weight.variable, offset: bias.variable, groups, eps };
  return {
    params: new Map([
      ["weight", weight],
      ["bias", bias],
    ]),
    forward: (x, _, finish) => groupNorm(x, { ...options, ...finish }),
  };
}
