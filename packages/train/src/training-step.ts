import { type Batch as HostBatch, LadError, type NdArray, type Progress } from "@lad/core";
import { createTape, type Losses, type Method, type Metrics, type Tape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GradientAccumulator } from "./gradient-accumulator";

export type TrainingStepOptions = {
  readonly method: Method;
  readonly batch: HostBatch<NdArray>;
  readonly at: Progress;
  readonly accumulator: GradientAccumulator;
};
export type TrainingStepResult = {
  readonly losses: Readonly<Record<string, number>>;
  /** Plain sum of the losses. */
  readonly total: number;
  readonly metrics: Metrics;
};

/**
 * One iteration: images to the device, the method's step, one backward pass for all groups, the optimisers.
 * Everything made in it is freed, also after a throw.
 * @throws {LadError} NON_FINITE naming losses and images if a loss is NaN or infinite; nothing is updated then.
 */
export async function trainingStep({
  method,
  batch,
  at,
  accumulator,
}: TrainingStepOptions): Promise<TrainingStepResult> {
  const tape = createTape();
  try {
    const images = tape.noGrad(() => upload(batch.images));
    const { losses, metrics } = await method.step(tape, { ...batch, images }, at);
    const variables = new Set(method.groups.flatMap((group) => group.trainable(at)));
    const gradients = tape.gradients(losses, [...variables]);
    const values = await readLosses(tape, losses); // after the backward pass has been queued: an engine with a queue need not wait for it
    checkFinite(values, batch.ids, at);
    const optimizers = new Set(method.groups.map(({ optimizer }) => optimizer));
    accumulator.add(gradients, at, (mean) => {
      for (const optimizer of optimizers) optimizer.step(mean, at);
    });
    return { losses: values, total: Object.values(values).reduce((sum, value) => sum + value, 0), metrics };
  } finally {
    tape.end();
  }
}

function upload({ data, shape }: NdArray): tf.Tensor4D {
  if (shape.length !== 4)
    throw new LadError("SHAPE_MISMATCH", `train: a batch's images must be [B, H, W, 3], got shape [${shape}]`);
  return tf.tensor4d(data, shape as [number, number, number, number], "float32");
}

/** All losses in one transfer. */
async function readLosses(tape: Tape, losses: Losses): Promise<Record<string, number>> {
  const names = Object.keys(losses);
  if (names.length === 0) throw new LadError("INVALID_ARGUMENT", "train: the method's step gave no losses");
  const joined = tape.noGrad(() => tf.concat(Object.values(losses).map((loss) => tf.reshape(loss, [1]))));
  const values = await joined.data();
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}

function checkFinite(losses: Readonly<Record<string, number>>, ids: readonly string[], at: Progress): void {
  const bad = Object.entries(losses).filter(([, value]) => !Number.isFinite(value));
  if (bad.length === 0) return;
  throw new LadError(
    "NON_FINITE",
    `train: ${bad.map(([name, value]) => `${name} is ${value}`).join(", ")} in iteration ${at.iteration + 1} (epoch ${at.epoch + 1}), ` +
      `images ${ids.join(", ")}. The weights were not updated and the last checkpoint is kept; look at these images, or lower the learning rate`,
  );
}
