import type { DatasetImage } from "./dataset";
import type { RgbImage } from "./image";
import type { SampleRequest } from "./make-sample";
import { hasOneSize, type Pipeline } from "./pipeline";

export type KeptPicturesOptions = {
  /** Keep pictures in memory: resized if the pipeline always gives the same size, else as decoded. */
  readonly cache?: boolean;
  /** What the kept pictures may take, bytes. When it is full further ones are read each time: evicting would help nobody in an order shuffled anew. */
  readonly cacheBytes?: number;
};

/** Pictures by file, for one pipeline. */
export type KeptPictures = {
  request(image: DatasetImage, pipeline: Pipeline, seeds: readonly number[] | undefined): SampleRequest;
  get(file: string): RgbImage | undefined;
  /** Whether a picture of this file would be kept now. */
  wants(file: string): boolean;
  /** Keeps it if there is room. */
  add(file: string, picture: RgbImage): void;
};

export function keptPictures({ cache = false, cacheBytes = 2 ** 30 }: KeptPicturesOptions): KeptPictures {
  const kept = new Map<string, RgbImage>();
  let free = cache ? cacheBytes : 0;
  const wants = (file: string) => free > 0 && !kept.has(file);
  return {
    request: (image, pipeline, seeds) => ({
      image,
      pipeline,
      seeds,
      resizeFirst: cache && hasOneSize(pipeline.resize),
    }),
    get: (file) => kept.get(file),
    wants,
    add(file, picture) {
      if (!wants(file) || picture.data.length > free) return;
      free -= picture.data.length;
      kept.set(file, picture);
    },
  };
}
