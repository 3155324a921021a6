import { fpn, resnet } from "@lad/backbones";
import { type ImageSizes, ndArray } from "@lad/core";
import { type Paa, paa } from "@lad/detectors";
import { type PaaHeadOptions, paaHead } from "@lad/heads";
import { type Batch, createTape, type Method } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

export type SmallPaaOptions = {
  readonly depth?: 18 | 50;
  readonly statistics?: "batch" | "stored";
  readonly frozenStages?: number;
  /** Width of the stem; pyramid and head have four times as many channels. */
  readonly width?: number;
  readonly head?: Partial<PaaHeadOptions>;
};

/** A PAA detector of 3 classes that trains in a moment. */
export function smallPaa({
  depth = 18,
  statistics = "batch",
  frozenStages = -1,
  width = 2,
  head = {},
}: SmallPaaOptions = {}): Paa {
  const backbone = resnet({ depth, baseChannels: width, statistics, frozenStages });
  const channels = 4 * width;
  return paa({
    backbone,
    neck: fpn({ in: backbone.channels, out: channels }),
    head: paaHead({ classes: 3, in: channels, channels, groups: 2, stackedConvs: 1, ...head }),
  });
}

/** Two images of odd map sizes, the second without objects. */
export function smallBatch(size = { height: 40, width: 72 }): Batch {
  const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
  const none = ndArray(new Float32Array(0), [0, 4]);
  return {
    ids: ["a", "b"],
    images: tf.randomNormal([2, size.height, size.width, 3], 0, 1, "float32", 1),
    sizes: [sizes, sizes],
    boxes: [ndArray(Float32Array.of(4, 4, 40, 36, 20, 10, 70, 38), [2, 4]), none],
    labels: [Int32Array.of(0, 2), new Int32Array(0)],
    ignoreBoxes: [none, none],
  };
}

/** A training step: forward, backward, update. @returns the losses. */
export async function smallStep(method: Method, batch: Batch, iteration: number): Promise<number[]> {
  const at = { iteration, epoch: 0, iterations: 2, epochs: 1 };
  const tape = createTape();
  try {
    const { losses } = await method.step(tape, batch, at);
    const variables = method.groups.flatMap((group) => [...group.trainable(at)]);
    const gradients = tape.gradients(losses, variables);
    for (const group of method.groups) group.optimizer.step(gradients, at);
    return Object.values(losses).map((loss) => loss.dataSync()[0]!);
  } finally {
    tape.end();
  }
}
