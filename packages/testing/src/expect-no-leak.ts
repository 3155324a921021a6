import * as tf from "@tensorflow/tfjs-core";

/** Runs `work` and asserts that exactly `remaining` new tensors are alive afterwards. Returns what `work` returned. */
export async function expectNoLeak<T>(work: () => T | Promise<T>, remaining = 0): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await work();
  const left = tf.memory().numTensors - before;
  if (left !== remaining) throw new Error(`expectNoLeak: ${left} new tensors are alive, expected ${remaining}`);
  return result;
}
