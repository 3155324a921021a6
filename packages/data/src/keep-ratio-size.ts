import { LadError, type Size } from "@lad/core";
import { checkSize } from "./image";

/** Bounds of the longer and the shorter side, px. */
export type SideBounds = { readonly long: number; readonly short: number };

/**
 * The largest size with the same proportions that fits `long` × `short` in either orientation:
 * scale = min(long / longer side, short / shorter side), sides floor(side · scale + 0.5). Numerics follow mmcv's `rescale_size`.
 * @throws {LadError} INVALID_ARGUMENT: sides or bounds below 1.
 */
export function keepRatioSize(size: Size, { long = 1333, short = 800 }: Partial<SideBounds> = {}): Size {
  checkSize("keepRatioSize", size);
  checkBounds("keepRatioSize", { long, short });
  const shorter = Math.min(size.width, size.height);
  const scale = Math.min(long / Math.max(size.width, size.height), short / shorter);
  return { height: rounded(size.height * scale), width: rounded(size.width * scale) };
}

/** floor(side + 0.5), at least 1: a very long image must not lose its short side. */
export function rounded(side: number): number {
  return Math.max(1, Math.floor(side + 0.5));
}

export function checkBounds(who: string, { long, short }: SideBounds): void {
  if (!(long >= 1 && short >= 1 && Number.isFinite(long) && Number.isFinite(short))) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `${who}: long and short must be finite and >= 1 px, got ${long} and ${short}`,
    );
  }
}
