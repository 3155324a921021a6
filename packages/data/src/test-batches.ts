import type { Batch, NdArray } from "@lad/core";
import { collate } from "./collate";
import type { Dataset } from "./dataset";
import type { Pipeline } from "./pipeline";
import { prefetch } from "./prefetch";
import { type LoadSample, type SampleLoaderOptions, sampleLoader } from "./sample-loader";
import { checkBatchSize } from "./train-batches";

export type TestBatchesOptions = SampleLoaderOptions & {
  readonly dataset: Dataset;
  readonly pipeline: Pipeline;
  readonly batchSize: number;
  readonly ahead?: number;
  readonly loadSample?: LoadSample;
};

export type TestBatches = AsyncIterable<Batch<NdArray>> & { readonly iterations: number };

/**
 * Every picture once, in the order of the data set, not flipped, the last batch as it comes. Can be iterated several times.
 * @throws {LadError} INVALID_ARGUMENT: a batch size below 1.
 */
export function testBatches(options: TestBatchesOptions): TestBatches {
  const { dataset, pipeline, batchSize, ahead = 2, loadSample = sampleLoader(options) } = options;
  checkBatchSize("testBatches", batchSize);
  const iterations = Math.ceil(dataset.images.length / batchSize);
  const make = async (iteration: number) => {
    const images = dataset.images.slice(iteration * batchSize, (iteration + 1) * batchSize);
    return collate(await Promise.all(images.map((image) => loadSample(image, pipeline, undefined))));
  };
  return { iterations, [Symbol.asyncIterator]: () => prefetch(iterations, make, { ahead }) };
}
