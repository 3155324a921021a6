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
