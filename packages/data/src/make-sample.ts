import { random } from "@lad/core";
import type { DatasetImage } from "./dataset";
import { decodeImage } from "./decode-image";
import type { RgbImage } from "./image";
import { drawSize, type Pipeline, resizeAs } from "./pipeline";
import { checkDecodedSize, prepareSample, type Sample, sampleOfResized } from "./prepare-sample";

/** All that a sample is made of, as plain data: it can be sent to another thread. */
export type SampleRequest = {
  readonly image: DatasetImage;
  readonly pipeline: Pipeline;
  /** Name the random stream of size and flip; undefined at test time. */
  readonly seeds: readonly number[] | undefined;
  /** Resize before anything is drawn: for a pipeline that has one size for every picture, whose resized form can be kept. */
  readonly resizeFirst: boolean;
};

/** The picture of a request as it may be kept: decoded, and with `resizeFirst` resized. */
export async function readPicture({ image, pipeline, resizeFirst }: SampleRequest): Promise<RgbImage> {
  const decoded = await decodeImage(image.file);
  checkDecodedSize(image, decoded);
  if (!resizeFirst) return decoded;
  return resizeAs(decoded, drawSize(image, pipeline.resize, undefined), pipeline.interpolation);
}

/** The sample of a request and its picture. */
export function sampleOf({ image, pipeline, seeds, resizeFirst }: SampleRequest, picture: RgbImage): Sample {
  const finish = resizeFirst ? sampleOfResized : prepareSample;
  return finish(image, picture, pipeline, seeds && random(...seeds));
}
