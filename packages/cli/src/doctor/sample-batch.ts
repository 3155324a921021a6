import { type ImageSizes, ndArray, random } from "@lad/core";
import type { Batch } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

export type SampleOptions = {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
};

/** Noise with boxes drawn from a seed, three an image: a batch to measure and compare engines with. The images are to be disposed. */
export function sampleBatch({ images, height, width, classes }: SampleOptions): Batch {
  const stream = random(7);
  const size = { height, width };
  const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
  const indices = Array.from({ length: images }, (_, index) => index);
  const box = () => {
    const [w, h] = [width * (0.1 + 0.4 * stream.uniform()), height * (0.1 + 0.4 * stream.uniform())];
    const [x, y] = [(width - w) * stream.uniform(), (height - h) * stream.uniform()];
    return [x, y, x + w, y + h];
  };
  const pixels = Float32Array.from({ length: images * height * width * 3 }, () => stream.normal());
  return {
    ids: indices.map(String),
    images: tf.tensor4d(pixels, [images, height, width, 3]),
    sizes: indices.map(() => sizes),
    boxes: indices.map(() => ndArray(Float32Array.from([box(), box(), box()].flat()), [3, 4])),
    labels: indices.map(() => Int32Array.from({ length: 3 }, () => Math.floor(classes * stream.uniform()))),
    ignoreBoxes: indices.map(() => ndArray(new Float32Array(0), [0, 4])),
  };
}
