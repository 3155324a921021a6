import * as tf from "@tensorflow/tfjs-core";
import { median } from "../run/median";
import { sampleBatch } from "./sample-batch";
import { type SampleNetwork, sampleTraining } from "./sample-training";

export type Rate = { readonly name: string; readonly gigaflops: number };
export type StepTime = {
  /** Median of a training step, ms. */
  readonly stepMs: number;
  /** Tensors that a step left behind. */
  readonly leaked: number;
  /** Losses of the last step, to see that they are numbers. */
  readonly losses: Readonly<Record<string, number>>;
};

/** Speed of the running engine in one convolution (3×3, 256 channels) with and without its gradients, and in one matrix product. */
export async function measureRates(side = 80): Promise<Rate[]> {
  const [x, filter, matrix] = tf.tidy(() => [
    tf.randomNormal<tf.Rank.R4>([2, side, side, 256]),
    tf.randomNormal<tf.Rank.R4>([3, 3, 256, 256], 0, 0.02),
    tf.randomNormal<tf.Rank.R2>([1024, 1024]),
  ]);
  const convolution = () => tf.conv2d(x, filter, 1, "same");
  const both = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same"));
  const work = 2 * 2 * side * side * 9 * 256 * 256;
  const rates = [
    await rate("convolution 3x3, 256 channels", work, () => [convolution()]),
    await rate("the same with both gradients", 3 * work, () => both([x, filter])),
    await rate("matrix product 1024", 2 * 1024 ** 3, () => [tf.matMul(matrix, matrix)]),
  ];
  tf.dispose([x, filter, matrix]);
  return rates;
}

async function rate(name: string, work: number, compute: () => tf.Tensor[]): Promise<Rate> {
  const ms = await medianMs(async () => {
    const made = compute();
    const corner = tf.tidy(() => tf.sum(tf.slice(tf.reshape(made.at(-1)!, [-1]), 0, 1)));
    await corner.data(); // waits for a device that works on its own
    tf.dispose([...made, corner]);
  });
  return { name, gigaflops: work / ms / 1e6 };
}

/** A training step of PAA on the running engine: by default ResNet-18 at full width, statistics of the batch, two images of 320 px. */
export async function measureStep(network: Partial<SampleNetwork> = {}, side = 320): Promise<StepTime> {
  const settings: SampleNetwork = { depth: 18, classes: 80, ...network };
  const batch = sampleBatch({ images: 2, height: side, width: side, classes: settings.classes });
  const training = sampleTraining(settings);
  try {
    await training.step(batch, () => undefined); // makes the optimiser's state
    const before = tf.memory().numTensors;
    let losses: StepTime["losses"] = {};
    const stepMs = await medianMs(async () => {
      losses = (await training.step(batch, () => undefined)).losses;
    });
    return { stepMs, leaked: tf.memory().numTensors - before, losses };
  } finally {
    training.dispose();
    tf.dispose(batch.images);
  }
}

/** Median of five runs after one that warms up. */
async function medianMs(work: () => Promise<void>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return median(times);
}
