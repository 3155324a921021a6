import { LadError, type Size } from "@lad/core";

/** A decoded picture: `data` holds height × width × 3 bytes, rows top to bottom, pixels R, G, B. */
export type RgbImage = { readonly data: Uint8Array; readonly width: number; readonly height: number };

/** The same layout with float samples. */
export type FloatImage = { readonly data: Float32Array; readonly width: number; readonly height: number };

/** @throws {LadError} INVALID_ARGUMENT, SHAPE_MISMATCH: sides that are not whole numbers ≥ 1, data that is not height × width × 3. */
export function checkImage(who: string, image: RgbImage | FloatImage): void {
  checkSize(who, image, "image");
  const wanted = image.width * image.height * 3;
  if (image.data.length !== wanted) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `${who}: an image of ${image.width}x${image.height} holds ${wanted} samples (RGB), got ${image.data.length}`,
    );
  }
}

/** @throws {LadError} INVALID_ARGUMENT: sides that are not whole numbers ≥ 1. */
export function checkSize(who: string, size: Size, what = "size"): void {
  if (!(Number.isInteger(size.width) && Number.isInteger(size.height) && size.width >= 1 && size.height >= 1)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `${who}: width and height of the ${what} must be whole numbers >= 1, got ${size.width}x${size.height}`,
    );
  }
}
