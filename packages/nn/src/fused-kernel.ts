import * as tf from "@tensorflow/tfjs-core";

/** Runs a kernel on named inputs. */
export type RunKernel = (
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
) => tf.Tensor[];

/**
 * The current engine's own kernel of this name, or undefined: then the caller composes the same numbers from ordinary operations.
 * To be run where nothing is recorded: inside `customOp`. @returns what the kernel returns, as a list.
 */
export function fusedKernel(name: string): RunKernel | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  return (inputs, attributes) => {
    const made = tf.engine().runKernel(name, { ...inputs }, attributes as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
    return Array.isArray(made) ? made : [made];
  };
}

/**
 * Calls `compute` when its result is first asked for, and again if that has been disposed meanwhile: gradient functions share its tensors where
 * one tidy spans them all, and do not fall over each other where every one has its own.
 */
export function sharedTensors(compute: () => tf.Tensor[]): () => tf.Tensor[] {
  let made: tf.Tensor[] = [];
  return () => {
    if (made.length === 0 || made.some((tensor) => tensor.isDisposed)) made = compute();
    return made;
  };
}
