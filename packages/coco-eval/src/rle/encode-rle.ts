import { LadError, type NdArray, type TypedArray } from "@lad/core";
import type { Rle } from "./rle-types";

/**
 * Run lengths of a mask.
 * @param mask `[H, W]`, row-major; whatever is not 0 belongs to the mask.
 * @throws {LadError} SHAPE_MISMATCH if the mask has other than two axes.
 */
export function encodeRle({ data, shape }: NdArray<TypedArray>): Rle {
  const [height, width] = shape as [number, number];
  if (shape.length !== 2) throw new LadError("SHAPE_MISMATCH", `encodeRle: mask must be [H, W], got [${shape}]`);
  const counts: number[] = [];
  let run = 0;
  let inside = false;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if ((data[y * width + x] !== 0) !== inside) {
        counts.push(run);
        run = 0;
        inside = !inside;
      }
      run++;
    }
  }
  counts.push(run);
  return { size: [height, width], counts: Uint32Array.from(counts) };
}
