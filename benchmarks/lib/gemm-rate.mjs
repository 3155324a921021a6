import * as tf from "@tensorflow/tfjs-core";

/** GFLOP/s of the engine's product of two matrices of `side` × `side`: the best of a few, what the machine can do. */
export function gemmRate({ side = 1536, tries = 5 } = {}) {
  const [a, b] = [tf.randomNormal([side, side]), tf.randomNormal([side, side])];
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < tries; index++) {
    const start = performance.now();
    tf.matMul(a, b).dispose();
    best = Math.min(best, performance.now() - start);
  }
  tf.dispose([a, b]);
  return (2 * side ** 3) / best / 1e6;
}
