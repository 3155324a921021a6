import { type Batch, LadError, type NdArray, ndArray } from "@lad/core";
import { copyInto } from "./pad-image";
import type { Sample } from "./prepare-sample";

/**
 * Puts samples into one batch: images `[B, H, W, 3]`, each in the upper left corner of the largest, the rest 0.
 * @throws {LadError} INVALID_ARGUMENT: no samples.
 */
export function collate(samples: readonly Sample[]): Batch<NdArray> {
  if (samples.length === 0)
    throw new LadError("INVALID_ARGUMENT", "collate: a batch needs at least one sample, got none");
  const height = Math.max(...samples.map(({ size }) => size.padded.height));
  const width = Math.max(...samples.map(({ size }) => size.padded.width));
  const data = new Float32Array(samples.length * height * width * 3);
  samples.forEach(({ image }, index) => {
    copyInto(data, index * height * width * 3, width, image);
  });
  return {
    ids: samples.map(({ id }) => id),
    images: ndArray(data, [samples.length, height, width, 3]),
    sizes: samples.map(({ size }) => size),
    boxes: samples.map(({ boxes }) => boxes),
    labels: samples.map(({ labels }) => labels),
    ignoreBoxes: samples.map(({ ignoreBoxes }) => ignoreBoxes),
  };
}
