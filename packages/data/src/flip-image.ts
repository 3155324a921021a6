import { checkImage, type RgbImage } from "./image";

/** Mirrors left to right into a new image. Boxes follow with `flipBoxes(boxes, width)` of @lad/boxes. */
export function flipImage(image: RgbImage): RgbImage {
  checkImage("flipImage", image);
  const { data: source, width, height } = image;
  const data = new Uint8Array(source.length);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--, out += 3) {
      const from = (y * width + x) * 3;
      data[out] = source[from]!;
      data[out + 1] = source[from + 1]!;
      data[out + 2] = source[from + 2]!;
    }
  }
  return { data, width, height };
}
