import { fpn, resnet } from "@lad/backbones";
import { type ImageSizes, ndArray } from "@lad/core";
import { type DistributionDetector, gfl, type Paa, paa } from "@lad/detectors";
import { gflHead, gflV2Head, type PaaHeadOptions, paaHead } from "@lad/heads";
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
export function smallPaa({ head = {}, ...options }: SmallPaaOptions = {}): Paa {
  const { sizes, ...parts } = smallParts(options);
  return paa({ ...parts, head: paaHead({ ...sizes, ...head }) });
}

/** A GFocal detector of the same size, version 1 or 2. */
export function smallGfl(version: 1 | 2, options: Omit<SmallPaaOptions, "head"> = {}): DistributionDetector {
  const { sizes, ...parts } = smallParts(options);
  return gfl({ ...parts, head: (version === 1 ? gflHead : gflV2Head)(sizes) });
}

function smallParts({ depth = 18, statistics = "batch", frozenStages = -1, width = 2 }: Omit<SmallPaaOptions, "head">) {
  const backbone = resnet({ depth, baseChannels: width, statistics, frozenStages });
  const channels = 4 * width;
  const neck = fpn({ in: backbone.channels, out: channels });
  return { backbone, neck, sizes: { classes: 3, in: channels, channels, groups: 2, stackedConvs: 1 } };
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
