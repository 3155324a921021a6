import { type NdArray, ndArray } from "@lad/core";
import { checkCounts } from "./check-size";
import type { Rle } from "./rle-types";

/**
 * The mask's pixels, 1 inside and 0 outside. `[H, W]`, row-major
 * @throws {LadError} INVALID_DATA if the counts do not add up to height · width.
 */
export function decodeRle(rle: Rle): NdArray<Uint8Array> {
  checkCounts("decodeRle", rle);
  const [height, width] = rle.size;
  const data = new Uint8Array(height * width);
  let start = 0;
  for (let i = 0; i < rle.counts.length; i++) {
    const end = start + rle.counts[i]!;
    if (i % 2 === 1) for (let p = start; p < end; p++) data[(p % height) * width + Math.floor(p / height)] = 1;
    start = end;
  }
  return ndArray(data, [height, width]);
}
