import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";
import { sumChannels } from "./sum-pixels";

/** `x + bias` on `[B, H, W, C]`, with a gradient of the bias that does not transpose the map. */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor): tf.Tensor4D {
  return customOp(
    { x, bias },
    () => tf.add<tf.Tensor4D>(x, bias),
    (dy) => ({ x: () => tf.clone(dy), bias: () => sumChannels(dy) }),
  );
}
