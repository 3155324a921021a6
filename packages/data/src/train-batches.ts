import { type Batch, LadError, type NdArray, random, shuffle } from "@lad/core";
import { collate } from "./collate";
import type { Dataset } from "./dataset";
import type { Pipeline } from "./pipeline";
import { prefetch } from "./prefetch";
import { type LoadSample, type SampleLoaderOptions, sampleLoader } from "./sample-loader";

export type TrainBatchesOptions = SampleLoaderOptions & {
  readonly dataset: Dataset;
  readonly pipeline: Pipeline;
  readonly batchSize: number;
  readonly seed: number;
  /** Leave out the last batch of an epoch if it is not full. Default true. */
  readonly dropLast?: boolean;
  /** Only upright or only wide pictures in a batch, as the references' samplers do: less padding. Default false. */
  readonly groupByOrientation?: boolean;
  /** Batches made ahead of the one being trained on. Default 2. */
  readonly ahead?: number;
  /** Who makes a sample; the place for worker threads. Default `sampleLoader` with the cache options given. */
  readonly loadSample?: LoadSample;
};

export type TrainBatches = {
  readonly iterationsPerEpoch: number;
  /** The batches of an epoch (0-based), from iteration `from` of it on. */
  epoch(epoch: number, from?: number): AsyncIterable<Batch<NdArray>>;
};

/**
 * Shuffled training batches. The order comes from random(seed, epoch), size and flip of picture i from random(seed, epoch, i):
 * an epoch taken up in its middle goes on bit for bit, whatever was made ahead.
 * @throws {LadError} INVALID_ARGUMENT: a batch size below 1, a `from` outside the epoch. INVALID_DATA: not one full batch.
 */
export function trainBatches(options: TrainBatchesOptions): TrainBatches {
  const { dataset, pipeline, batchSize, seed, ahead = 2, loadSample = sampleLoader(options) } = options;
  const { dropLast = true, groupByOrientation = false } = options;
  checkBatchSize("trainBatches", batchSize);
  const groups = orientationGroups(dataset, groupByOrientation);
  const rounding = dropLast ? Math.floor : Math.ceil;
  const iterationsPerEpoch = groups.reduce((sum, group) => sum + rounding(group.length / batchSize), 0);
  if (iterationsPerEpoch === 0) {
    const last = dropLast && dataset.images.length > 0 ? ": fewer than a batch, and dropLast leaves the rest out" : "";
    throw new LadError(
      "INVALID_DATA",
      `trainBatches: ${dataset.name} has ${dataset.images.length} images for batches of ${batchSize}${last}`,
    );
  }
  const make = async (batch: Int32Array, epoch: number) =>
    collate(
      await Promise.all(
        Array.from(batch, (index) => loadSample(dataset.images[index]!, pipeline, [seed, epoch, index])),
      ),
    );
  return {
    iterationsPerEpoch,
    epoch(epoch, from = 0) {
      if (!(Number.isInteger(from) && from >= 0 && from <= iterationsPerEpoch)) {
        throw new LadError(
          "INVALID_ARGUMENT",
          `trainBatches: epoch ${epoch} has iterations 0 to ${iterationsPerEpoch}, got from = ${from}`,
        );
      }
      const batches = drawBatches(groups, { batchSize, dropLast, seeds: [seed, epoch] });
      return prefetch(batches.length, (iteration) => make(batches[iteration]!, epoch), { from, ahead });
    },
  };
}

/** @throws {LadError} INVALID_ARGUMENT */
export function checkBatchSize(who: string, batchSize: number): void {
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new LadError("INVALID_ARGUMENT", `${who}: batchSize must be a whole number >= 1, got ${batchSize}`);
  }
}

function orientationGroups({ images }: Dataset, grouped: boolean): number[][] {
  const all = images.map((_, index) => index);
  const isWide = (index: number) => images[index]!.width > images[index]!.height;
  return grouped ? [all.filter(isWide), all.filter((index) => !isWide(index))] : [all];
}

type Drawing = { readonly batchSize: number; readonly dropLast: boolean; readonly seeds: readonly number[] };

function drawBatches(groups: readonly (readonly number[])[], { batchSize, dropLast, seeds }: Drawing): Int32Array[] {
  const stream = random(...seeds);
  const batches: Int32Array[] = [];
  for (const group of groups) {
    const order = shuffle(Int32Array.from(group), stream);
    const end = dropLast ? order.length - (order.length % batchSize) : order.length;
    for (let at = 0; at < end; at += batchSize) batches.push(order.slice(at, Math.min(at + batchSize, end)));
  }
  return groups.length > 1 ? shuffle(batches, stream) : batches;
}
