import { type Batch, LadError, type NdArray } from "@lad/core";

/** Batches of a training set; `trainBatches` of @lad/data makes such an object. */
export type TrainBatches = {
  readonly iterationsPerEpoch: number;
  /** The batches of an epoch (0-based), from iteration `from` of it on. The same arguments always give the same batches. */
  epoch(epoch: number, from?: number): AsyncIterable<Batch<NdArray>>;
};
export type TimedBatch = {
  readonly batch: Batch<NdArray>;
  /** When waiting for it began, `performance.now()`. */
  readonly startedMs: number;
  readonly dataWaitMs: number;
};

/**
 * The rest of an epoch with the time that each batch was waited for. The source is closed when the caller stops early.
 * @throws {LadError} INVALID_DATA if the epoch is shorter than announced.
 */
export async function* timedBatches(batches: TrainBatches, epoch: number, from: number): AsyncGenerator<TimedBatch> {
  const { iterationsPerEpoch } = batches;
  const iterator = batches.epoch(epoch, from)[Symbol.asyncIterator]();
  try {
    for (let index = from; index < iterationsPerEpoch; index++) {
      const startedMs = performance.now();
      const next = await iterator.next();
      if (next.done)
        throw new LadError(
          "INVALID_DATA",
          `train: epoch ${epoch} ended after ${index} batches, iterationsPerEpoch says ${iterationsPerEpoch}`,
        );
      yield { batch: next.value, startedMs, dataWaitMs: performance.now() - startedMs };
    }
  } finally {
    await iterator.return?.();
  }
}
