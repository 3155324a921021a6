import { type BackendName, useBackend } from "@lad/backends";
import * as tf from "@tensorflow/tfjs-core";
import { sampleBatch } from "./sample-batch";
import { sampleTraining } from "./sample-training";

/** One case on an engine beside the same on tfjs' plain JavaScript engine, the reference. */
export type Comparison = {
  readonly name: string;
  /** Largest error of a loss, of the loss itself; 1e-4 is allowed. */
  readonly losses: number;
  /** Largest error of a gradient's element, of what is allowed: 1e-3 of the element and 2e-4 of the tensor's largest. */
  readonly gradients: number;
  readonly passed: boolean;
};

type Step = {
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
};

/** Small enough for the reference engine. */
export const tiny = {
  classes: 3,
  baseChannels: 4,
  channels: 8,
  stackedConvs: 1,
  groups: 2,
  levels: 3,
  anchorScale: 4,
} as const;
const cases = [
  { name: "PAA, ResNet-18, statistics of the batch", depth: 18, pretrained: false },
  { name: "PAA, ResNet-50, stored statistics, frozen stem", depth: 50, pretrained: true },
] as const;

/** A training step of two small detectors on the engine, compared with the reference: forward, assignment, losses and gradients as one. The engine runs afterwards. */
export async function compareWithReference(engine: BackendName): Promise<Comparison[]> {
  const compared: Comparison[] = [];
  for (const { name, ...network } of cases) {
    const expected = await stepOn("cpu", network);
    compared.push({ name, ...difference(await stepOn(engine, network), expected) });
  }
  return compared;
}

async function stepOn(
  engine: BackendName,
  network: Pick<(typeof cases)[number], "depth" | "pretrained">,
): Promise<Step> {
  await useBackend(engine);
  const batch = sampleBatch({ images: 2, height: 64, width: 96, classes: tiny.classes });
  const training = sampleTraining({ ...tiny, ...network });
  try {
    const names = new Map([...training.student.params].map(([name, { variable }]) => [variable, name]));
    const { losses, read } = await training.step(batch, async (gradients) => {
      const read = new Map<string, Float32Array>();
      for (const [variable, gradient] of gradients)
        read.set(names.get(variable)!, Float32Array.from(await gradient.data()));
      return read;
    });
    return { losses, gradients: read };
  } finally {
    training.dispose();
    tf.dispose(batch.images);
  }
}

/** Missing losses and gradients, and NaN, count as infinitely wrong. */
export function difference(actual: Step, expected: Step): Omit<Comparison, "name"> {
  let losses = 0;
  for (const [name, value] of Object.entries(expected.losses))
    losses = worse(losses, Math.abs((actual.losses[name] ?? Number.NaN) - value) / Math.max(Math.abs(value), 1e-30));
  let gradients = 0;
  for (const [name, values] of expected.gradients) {
    const got = actual.gradients.get(name);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    values.forEach((value, index) => {
      const error = Math.abs((got?.[index] ?? Number.NaN) - value);
      if (error !== 0) gradients = worse(gradients, error / (1e-3 * Math.abs(value) + 2e-4 * largest));
    });
  }
  return { losses, gradients, passed: losses <= 1e-4 && gradients <= 1 };
}

const worse = (worst: number, error: number): number =>
  error <= worst ? worst : Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
