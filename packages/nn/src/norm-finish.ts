import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/** What follows a norm, in the same pass where the engine can: `relu(norm(x) + residual)`. */
export type NormFinish = {
  /** Added to the normalised map, of its shape. */
  readonly residual?: tf.Tensor4D | undefined;
  /** Cut what is below 0, at last. */
  readonly relu?: boolean;
};

/** @throws {LadError} SHAPE_MISMATCH if the residual is not of x's shape. */
export function checkFinish(who: string, x: tf.Tensor4D, { residual }: NormFinish): void {
  if (residual && `${residual.shape}` !== `${x.shape}`)
    throw new LadError("SHAPE_MISMATCH", `${who}: residual must be of x's shape [${x.shape}], got [${residual.shape}]`);
}

/** What shows a fused kernel's gradient where the relu cut: the output if a residual was added, else the norm's offset; nothing without a relu. */
export function reluWitness({ residual, relu = false }: NormFinish): "y" | "offset" | undefined {
  if (!relu) return undefined;
  return residual ? "y" : "offset";
}

/** The same out of ordinary operations. */
export function finished(value: tf.Tensor4D, { residual, relu = false }: NormFinish): tf.Tensor4D {
  const sum = residual ? tf.add<tf.Tensor4D>(value, residual) : value;
  return relu ? tf.relu(sum) : sum;
}

/**
 * The gradient of a residual that a fused kernel added: the masked one it returns behind the three of x, scale and offset, or without a relu the
 * output's own.
 */
export function residualGradient(dy: tf.Tensor, made: () => tf.Tensor[], { residual, relu }: NormFinish) {
  return residual ? { residual: () => (relu ? made()[3]! : tf.clone(dy)) } : {};
}
