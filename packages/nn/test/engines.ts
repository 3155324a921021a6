import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { random } from "@lad/core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe } from "vitest";

/** Runs a battery on the cpu and the wasm engine. */
export function onEngines(battery: (engine: string) => void): void {
  describe.each(["cpu", "wasm"])("%s", (engine) => {
    beforeAll(async () => {
      await tf.setBackend(engine);
      await tf.ready();
    });
    battery(engine);
  });
}

/** The cpu engine under tfjs-node's name, with its refusal of numeric padding; where the real one runs, nothing. */
export function registerStrictEngine(): void {
  if (tf.engine().findBackendFactory("tensorflow")) return;
  tf.registerBackend("tensorflow", () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    tf.registerKernel({
      ...kernel,
      backendName: "tensorflow",
      kernelFunc: (call) => {
        const pad = (call.attrs as { pad?: unknown } | undefined)?.pad;
        if (typeof pad === "number") throw new Error(`TF Backend supports only 'valid' and 'same' padding, got ${pad}`);
        return kernel.kernelFunc(call);
      },
    });
  }
}

/** Normal numbers. */
export function noise(shape: readonly number[], seed = 1): tf.Tensor {
  const stream = random(seed);
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, stream.normal), [...shape]);
}
export const noise4d = (shape: readonly number[], seed = 1): tf.Tensor4D => noise(shape, seed) as tf.Tensor4D;

/** Distinct numbers at least 0.1 apart in random order: no ties within a difference step. */
export function distinct(shape: readonly number[], seed = 1): tf.Tensor {
  const stream = random(seed);
  const values = Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, index) => index / 10 - 1);
  values.sort(() => stream.uniform() - 0.5);
  return tf.tensor(values, [...shape] as number[]);
}
