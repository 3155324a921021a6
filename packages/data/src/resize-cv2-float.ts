import type { Size } from "@lad/core";
import { cv2Taps } from "./cv2-taps";
import { checkImage, checkSize, type FloatImage, type RgbImage } from "./image";

/**
 * Bilinear resize as `cv2.resize` does it on float32 images: the positions of `resizeCv2`, plain float arithmetic, no antialiasing, no rounding.
 * @throws {LadError} INVALID_ARGUMENT, SHAPE_MISMATCH: sides below 1, data that does not fit the sides.
 */
export function resizeCv2Float(image: RgbImage | FloatImage, size: Size): FloatImage {
  checkImage("resizeCv2Float", image);
  checkSize("resizeCv2Float", size);
  const { width, height } = size;
  const columns = cv2Taps(image.width, width, "x");
  const rows = cv2Taps(image.height, height, "y");
  const source = image.data;
  const data = new Float32Array(width * height * 3);
  for (let y = 0, out = 0; y < height; y++) {
    const upper = rows.first[y]! * image.width * 3;
    const lower = rows.second[y]! * image.width * 3;
    const down = rows.fraction[y]!;
    for (let x = 0; x < width; x++) {
      const left = columns.first[x]! * 3;
      const right = columns.second[x]! * 3;
      const along = columns.fraction[x]!;
      for (let channel = 0; channel < 3; channel++, out++) {
        const top = source[upper + left + channel]! * (1 - along) + source[upper + right + channel]! * along;
        const bottom = source[lower + left + channel]! * (1 - along) + source[lower + right + channel]! * along;
        data[out] = top * (1 - down) + bottom * down;
      }
    }
  }
  return { data, width, height };
}
