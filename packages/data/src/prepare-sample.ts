import { clipBoxes, flipBoxes, scaleBoxes } from "@lad/boxes";
import { type ImageSizes, LadError, type NdArray, type Random, type Size } from "@lad/core";
import type { DatasetImage } from "./dataset";
import type { RgbImage } from "./image";
import { normalizeImage } from "./normalize-image";
import { padImage } from "./pad-image";
import { checkPipeline, drawFlip, drawSize, type Pipeline, resizeAs } from "./pipeline";

/** One picture ready for a batch; fields as in `Batch`, boxes in px of the resized (and flipped) picture. */
export type Sample = {
  readonly id: string;
  /** `[H, W, 3]`, normalised, padded to the pipeline's multiple. */
  readonly image: NdArray;
  readonly size: ImageSizes;
  readonly boxes: NdArray;
  readonly labels: Int32Array;
  readonly ignoreBoxes: NdArray;
};

/**
 * Resize, flip, normalise, pad; boxes scaled by the true factors (new / old side), clipped to the picture, flipped as x1' = W - x2.
 * @param random draws size and flip, in this order; undefined at test time: no flip, the largest size.
 * @throws {LadError} INVALID_DATA: the picture is not of the size its annotation says. INVALID_ARGUMENT: a pipeline out of its domain.
 */
export function prepareSample(
  image: DatasetImage,
  decoded: RgbImage,
  pipeline: Pipeline,
  random: Random | undefined,
): Sample {
  checkDecodedSize(image, decoded);
  const resized = resizeAs(decoded, drawSize(image, pipeline.resize, random), pipeline.interpolation);
  return sampleOfResized(image, resized, pipeline, random);
}

/** The steps of `prepareSample` after resizing. */
export function sampleOfResized(
  image: DatasetImage,
  resized: RgbImage,
  pipeline: Pipeline,
  random: Random | undefined,
): Sample {
  checkPipeline("prepareSample", pipeline);
  const size = sideLengths(resized);
  const scale = [size.width / image.width, size.height / image.height] as const;
  const { image: oriented, flipped } = drawFlip(resized, pipeline.flip, random);
  const upTo = (side: number) => Math.ceil(side / pipeline.padMultiple) * pipeline.padMultiple;
  const padded = { height: upTo(size.height), width: upTo(size.width) };
  const follow = (boxes: NdArray) => {
    const clipped = clipBoxes(scaleBoxes(boxes, scale), size);
    return flipped ? flipBoxes(clipped, size.width) : clipped;
  };
  return {
    id: image.id,
    image: padImage(normalizeImage(oriented, pipeline), padded),
    size: { image: size, padded, original: sideLengths(image), scale, flipped },
    boxes: follow(image.boxes),
    labels: image.labels,
    ignoreBoxes: follow(image.ignoreBoxes),
  };
}

export function checkDecodedSize(image: DatasetImage, decoded: RgbImage): void {
  if (decoded.width === image.width && decoded.height === image.height) return;
  throw new LadError(
    "INVALID_DATA",
    `prepareSample: ${image.file} is ${decoded.width}x${decoded.height}, its annotation says ${image.width}x${image.height}; its boxes would be wrong: mend the annotation or leave the picture out`,
  );
}

const sideLengths = ({ height, width }: Size): Size => ({ height, width });
