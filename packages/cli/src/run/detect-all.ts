import type { Detections } from "@lad/core";
import { type Dataset, type Pipeline, testBatches } from "@lad/data";
import { type AnyDetector, createTape, type DetectOptions } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

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
  { pipeline, batch: batchSize, test = {}, onProgress }: DetectAllOptions,
): Promise<Map<string, Detections>> {
  const results = new Map<string, Detections>();
  for await (const batch of testBatches({ dataset, pipeline, batchSize })) {
    const tape = createTape();
    try {
      const out = tape.noGrad(() => {
        const images = tf.tensor4d(batch.images.data, batch.images.shape as [number, number, number, number]);
        return detector.predict(detector.features(images, "eval"));
      });
      const found = await detector.detect(out, batch.sizes, test);
      batch.ids.forEach((id, index) => {
        results.set(id, found[index]!);
      });
    } finally {
      tape.end();
    }
    onProgress?.(results.size, dataset.images.length);
  }
  return results;
}
