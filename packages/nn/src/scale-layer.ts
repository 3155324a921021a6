import { ndArray } from "@lad/core";
import { param } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "./layer";

/** Multiplies by one learnable number, its parameter `scale` of shape `[]`. */
export function scaleLayer(initial = 1): Layer {
  const scale = param(ndArray(new Float32Array([initial]), []));
  return { params: new Map([["scale", scale]]), forward: (x) => tf.mul(x, scale.variable) };
}
