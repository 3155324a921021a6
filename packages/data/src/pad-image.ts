import { LadError, type NdArray, ndArray, type Size } from "@lad/core";

/**
 * Copies an image into the upper left corner of a larger one filled with 0 (after normalising: 0 is the mean colour).
 * @param image `[H, W, C]`
 * @returns `[height, width, C]`
 * @throws {LadError} SHAPE_MISMATCH: not three axes, or a size smaller than the image.
 */
export function padImage(image: NdArray, size: Size): NdArray {
  const [height, width, channels] = image.shape;
  if (image.shape.length !== 3 || height! > size.height || width! > size.width) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `padImage: image [${image.shape}] must be [H, W, C] and fit into ${size.width}x${size.height} (width x height)`,
    );
  }
  if (height === size.height && width === size.width) return image;
  const data = new Float32Array(size.height * size.width * channels!);
  copyInto(data, 0, size.width, image);
  return ndArray(data, [size.height, size.width, channels!]);
}

/** Writes `image` `[H, W, C]` row by row into `target`, whose rows are `targetWidth` pixels wide, from element `start` on. */
export function copyInto(target: Float32Array, start: number, targetWidth: number, image: NdArray): void {
  const [height, width, channels] = image.shape as [number, number, number];
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    target.set(image.data.subarray(y * row, (y + 1) * row), start + y * targetWidth * channels);
  }
}
