import { LadError } from "@lad/core";
import type { MaskSize, Rle } from "./rle-types";

/** Pixels that 32-bit counts can hold. */
const mostPixels = 2 ** 32 - 1;

/** Number of pixels. @throws {LadError} INVALID_ARGUMENT if the sides are not whole numbers or hold too many pixels. */
export function checkSize(who: string, [height, width]: MaskSize): number {
  const pixels = height * width;
  if (Number.isInteger(height) && Number.isInteger(width) && height >= 0 && width >= 0 && pixels <= mostPixels) {
    return pixels;
  }
  const wanted = "height and width must be whole numbers of at most 2^32 - 1 pixels";
  throw new LadError("INVALID_ARGUMENT", `${who}: ${wanted}, got ${height} x ${width}`);
}

/** @throws {LadError} INVALID_DATA if the counts do not add up to height · width: such masks have no meaning. */
export function checkCounts(who: string, { size, counts }: Rle): void {
  const pixels = checkSize(who, size);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  if (sum === pixels) return;
  const got = `${sum} for ${size[0]} x ${size[1]}`;
  throw new LadError("INVALID_DATA", `${who}: the counts must add up to height x width, got ${got}`);
}
