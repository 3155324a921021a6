import type { DatasetImage } from "./dataset";
import { type KeptPicturesOptions, keptPictures } from "./kept-pictures";
import { readPicture, sampleOf } from "./make-sample";
import type { Pipeline } from "./pipeline";
import type { Sample } from "./prepare-sample";

/**
 * Makes a sample from a picture's description. `seeds` name the random stream of its size and flip; undefined at test time.
 * Everything passed is plain data, so that a worker can do the same work.
 */
export type LoadSample = (
  image: DatasetImage,
  pipeline: Pipeline,
  seeds: readonly number[] | undefined,
) => Promise<Sample>;

export type SampleLoaderOptions = KeptPicturesOptions;

/** The `LoadSample` that decodes and prepares in this thread. One loader serves one pipeline if it caches. */
export function sampleLoader(options: SampleLoaderOptions = {}): LoadSample {
  const kept = keptPictures(options);
  return async (image, pipeline, seeds) => {
    const request = kept.request(image, pipeline, seeds);
    const picture = kept.get(image.file) ?? (await readPicture(request));
    kept.add(image.file, picture);
    return sampleOf(request, picture);
  };
}
