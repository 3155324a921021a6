import { random } from "@lad/core";
import type { DatasetImage } from "./dataset";
import { decodeImage } from "./decode-image";
import type { RgbImage } from "./image";
import { drawSize, hasOneSize, type Pipeline, resizeAs } from "./pipeline";
import { checkDecodedSize, prepareSample, type Sample, sampleOfResized } from "./prepare-sample";

/**
 * Makes a sample from a picture's description. `seeds` name the random stream of its size and flip; undefined at test time.
 * Everything passed is plain data, so that a worker can do the same work.
 */
export type LoadSample = (
  image: DatasetImage,
  pipeline: Pipeline,
  seeds: readonly number[] | undefined,
) => Promise<Sample>;

export type SampleLoaderOptions = {
  /** Keep pictures in memory: resized if the pipeline always gives the same size, else as decoded. */
  readonly cache?: boolean;
  /** What the kept pictures may take, bytes. When it is full further ones are read each time: evicting would help nobody in an order shuffled anew. */
  readonly cacheBytes?: number;
};

/** The `LoadSample` that decodes and prepares in this thread. One loader serves one pipeline if it caches. */
export function sampleLoader({ cache = false, cacheBytes = 2 ** 30 }: SampleLoaderOptions = {}): LoadSample {
  const kept = new Map<string, RgbImage>();
  let bytes = 0;
  const remember = (file: string, picture: RgbImage) => {
    if (!cache || bytes + picture.data.length > cacheBytes || kept.has(file)) return;
    bytes += picture.data.length;
    kept.set(file, picture);
  };
  return async (image, pipeline, seeds) => {
    const stream = seeds && random(...seeds);
    const resizedOnce = cache && hasOneSize(pipeline.resize);
    let picture = kept.get(image.file);
    if (!picture) {
      const decoded = await decodeImage(image.file);
      checkDecodedSize(image, decoded);
      picture = resizedOnce
        ? resizeAs(decoded, drawSize(image, pipeline.resize, undefined), pipeline.interpolation)
        : decoded;
      remember(image.file, picture);
    }
    return resizedOnce
      ? sampleOfResized(image, picture, pipeline, stream)
      : prepareSample(image, picture, pipeline, stream);
  };
}
