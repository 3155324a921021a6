import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { random } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect } from "vitest";

/** Runs a battery on the cpu and the wasm engine. */
export function onEngines(battery: () => void): void {
  describe.each(["cpu", "wasm"])("%s", (engine) => {
    beforeAll(async () => {
      await tf.setBackend(engine);
      await tf.ready();
    });
    battery();
  });
}

/** Normal numbers. */
export function noise(rows: number, columns: number, seed = 1): tf.Tensor2D {
  const stream = random(seed);
  return tf.tensor2d(Float32Array.from({ length: rows * columns }, stream.normal), [rows, columns]);
}

/** Numbers in [0.1, 0.9]. */
export function fractions(rows: number, columns: number, seed = 1): tf.Tensor2D {
  const stream = random(seed);
  return tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => 0.1 + 0.8 * stream.uniform()),
    [rows, columns],
  );
}

export function expectValues(got: tf.Tensor, expected: ArrayLike<number>, digits = 5): void {
  const values = got.dataSync();
  expect(values).toHaveLength(expected.length);
  values.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, digits);
  });
}
