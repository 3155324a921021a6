import { type Dataset, type Pipeline, testBatches } from "@lad/data";
import type { AnyDetector, DetectOptions } from "@lad/tensor";
import { detectBatch } from "./detect-batch";

export type TimeDetectionOptions = {
  readonly pipeline: Pipeline;
  readonly test?: DetectOptions;
  /** The first images, which are not timed: engines compile and allocate then. */
  readonly warmUp: number;
  /** Called after every timed image with how many there were and their ms together. */
  readonly onImage?: (timed: number, elapsedMs: number) => void;
  readonly now?: () => number;
};

/**
 * How long a detector takes for every image, one at a time: from the image in the host's memory to its detections there, NMS and scaling back included; reading,
 * decoding and resizing are not. Every image after the warm-up counts once (the LD repository's speed test counts its last one twice).
 * @returns ms of the images after the warm-up, in their order
 */
export async function timeDetection(
  detector: AnyDetector,
  dataset: Dataset,
  { pipeline, test, warmUp, onImage, now = () => performance.now() }: TimeDetectionOptions,
): Promise<Float64Array> {
  const times: number[] = [];
  let elapsedMs = 0;
  let seen = 0;
  // nothing is made ahead: it would be made while the clock runs
  for await (const batch of testBatches({ dataset, pipeline, batchSize: 1, ahead: 0 })) {
    const begun = now();
    await detectBatch(detector, batch, test); // its results are read, so the device is done
    const taken = now() - begun;
    if (++seen <= warmUp) continue;
    times.push(taken);
    elapsedMs += taken;
    onImage?.(times.length, elapsedMs);
  }
  return Float64Array.from(times);
}
