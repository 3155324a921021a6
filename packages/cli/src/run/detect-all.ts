import type { Detections } from "@lad/core";
import { type Dataset, type Pipeline, testBatches } from "@lad/data";
import type { AnyDetector, DetectOptions } from "@lad/tensor";
import { detectBatch } from "./detect-batch";

export type DetectAllOptions = {
  readonly pipeline: Pipeline;
  readonly batch: number;
  readonly test?: DetectOptions;
  /** Called after every batch with the number of images done. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Runs a detector over all images of a data set, in its order; boxes are in px of the files. */
export async function detectAll(
  detector: AnyDetector,
  dataset: Dataset,
  { pipeline, batch: batchSize, test, onProgress }: DetectAllOptions,
): Promise<Map<string, Detections>> {
  const results = new Map<string, Detections>();
  for await (const batch of testBatches({ dataset, pipeline, batchSize })) {
    const found = await detectBatch(detector, batch, test);
    batch.ids.forEach((id, index) => {
      results.set(id, found[index]!);
    });
    onProgress?.(results.size, dataset.images.length);
  }
  return results;
}
