import type { RgbImage } from "@lad/data";
import { type Canvas, createCanvas, ImageData } from "@napi-rs/canvas";

/** A picture on a canvas of its size. */
export function pictureCanvas({ data, width, height }: RgbImage): Canvas {
  const canvas = createCanvas(width, height);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}
