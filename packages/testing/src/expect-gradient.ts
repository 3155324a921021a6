import { random } from "@lad/core";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Compares the gradient of `sum(weights · f(inputs))` (fixed random weights) with central differences at every element of every input.
 * Inputs should keep away from kinks by more than `step`.
 * @throws {Error} naming input, element and both values.
 */
export function expectGradient(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  { step = 1e-2, tolerance = 1e-2 }: { readonly step?: number; readonly tolerance?: number } = {},
): void {
  const variables = inputs.map((input) => tf.variable(input));
  const shape = tf.tidy(() => f(...variables).shape);
  const stream = random(17);
  const weights = tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, stream.normal), shape);
  const value = () => tf.tidy(() => tf.sum(tf.mul(f(...variables), weights)).dataSync()[0]!);
  const tape = createTape();
  try {
    const loss = tape.run(() => tf.sum(tf.mul(f(...variables), weights)));
    const gradients = tape.gradients({ loss }, variables);
    variables.forEach((variable, which) => {
      const analytic = gradients.get(variable)?.dataSync();
      const values = variable.dataSync().slice();
      const scale = Math.max(1, ...(analytic ?? [0]).map(Math.abs));
      const at = (index: number, moved: number) => {
        const copy = values.slice();
        copy[index]! += moved;
        tf.tidy(() => variable.assign(tf.tensor(copy, variable.shape)));
        return value();
      };
      for (let i = 0; i < values.length; i++) {
        const numeric = (at(i, step) - at(i, -step)) / (2 * step);
        const got = analytic ? analytic[i]! : 0;
        if (!(Math.abs(numeric - got) <= tolerance * scale)) {
          throw new Error(
            `expectGradient: input ${which} element ${i}: gradient ${got}, central difference ${numeric}`,
          );
        }
      }
      at(0, 0);
    });
  } finally {
    tape.end();
    tf.dispose([...variables, weights]);
  }
}
