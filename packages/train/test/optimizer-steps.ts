import { ndArray } from "@lad/core";
import type { Optimizer, Param, Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

export const values = (entry: Param) => [...entry.variable.dataSync()];
export const vector = (...numbers: number[]) => ndArray(new Float32Array(numbers), [numbers.length]);

/** Steps once with every parameter's gradient the given constant. */
export function step(optimizer: Optimizer, params: Params, gradient: number, iteration: number): void {
  const gradients = new Map(
    [...params.values()].map(({ variable }) => [variable, tf.fill(variable.shape, gradient)] as const),
  );
  optimizer.step(gradients, at(iteration));
  tf.dispose([...gradients.values()]);
}

export const at = (iteration: number) => ({ iteration, epoch: 0, iterations: 10, epochs: 1 });
