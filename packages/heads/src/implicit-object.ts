import { convLayer, normalInit } from "@lad/nn";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ClassProbabilityFactory } from "./class-probability";

/**
 * Implicit object (IO, arXiv 2108.10520 §3.1): p = relu(σ(class) − σ(bias)) · σ(objectness), both maps of one channel for all classes.
 * Parameters `objectness.*` (bias 0) and `obj_bias.*` (bias −ln((1 − 1e-4) / 1e-4)), weights normal(0, 0.01). Follows ccdet's PAAIOHead.
 */
export function implicitObject(): ClassProbabilityFactory {
  return ({ in: input, random }) => {
    const output = (biasValue: number) =>
      convLayer({ in: input, out: 1, kernel: 3, bias: true, initial: normalInit(0.01), biasValue, random });
    const objectness = output(0);
    const threshold = output(-Math.log((1 - 1e-4) / 1e-4));
    return {
      params: joinParams({ objectness: objectness.params, obj_bias: threshold.params }),
      forward: (logits, boxFeatures) =>
        tf.tidy(() => {
          const above = tf.relu(tf.sub(tf.sigmoid(logits), tf.sigmoid(threshold.forward(boxFeatures))));
          return tf.mul(above, tf.sigmoid(objectness.forward(boxFeatures)));
        }),
    };
  };
}
