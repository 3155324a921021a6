import { byteBuffer, reserveBytes } from "./byte-buffer";
import type { CocoMasks } from "./coco-types";
import { maskMeasurer } from "./mask-geometry";
import { numberColumn } from "./number-column";
import { compressCounts } from "./rle/rle-string";
import type { MaskSize } from "./rle/rle-types";

/** Sizes that say why a row has no mask. */
export const NO_MASK = -1;
export const UNUSABLE_MASK = -2;

/** Masks that are gathered row by row: compressed, which takes a byte or two a run. */
export type MaskColumn = {
  /** Compressed counts: the first `length` bytes. @param size height, width. */
  pushBytes(bytes: Uint8Array, length: number, size: ArrayLike<number>): void;
  pushCounts(counts: ArrayLike<number>, length: number, size: ArrayLike<number>): void;
  pushNone(): void;
  pushUnusable(): void;
  /** Measures the last mask: writes the box around it, xywh px, and returns its pixels. @throws {LadError} INVALID_DATA if it cannot be used. */
  measureLast(box: Float64Array, name: () => string): number;
  finish(): CocoMasks;
};

/** Makes an empty column. */
export function maskColumn(): MaskColumn {
  const counts = byteBuffer();
  const sizes = numberColumn();
  const starts = numberColumn();
  const measure = maskMeasurer();
  let last = { size: [NO_MASK, NO_MASK] as MaskSize, start: 0 };
  const push = (height: number, width: number) => {
    sizes.push(height);
    sizes.push(width);
    starts.push(counts.length);
    last = { size: [height, width], start: counts.length };
  };
  const pushBytes = (bytes: Uint8Array, length: number, size: ArrayLike<number>) => {
    push(size[0]!, size[1]!);
    const room = reserveBytes(counts, length);
    const at = counts.length;
    for (let i = 0; i < length; i++) room[at + i] = bytes[i]!; // masks are small: `set` and its view would take longer
    counts.length += length;
  };
  return {
    pushBytes,
    pushCounts: (runs, length, size) => {
      const bytes = compressCounts(runs, length);
      pushBytes(bytes, bytes.length, size);
    },
    pushNone: () => push(NO_MASK, NO_MASK),
    pushUnusable: () => push(UNUSABLE_MASK, UNUSABLE_MASK),
    measureLast: (box, name) => measure(counts.bytes, last.start, counts.length, last.size, box, 0, name),
    finish: () => {
      starts.push(counts.length);
      return { sizes: sizes.finish(), counts: counts.bytes.subarray(0, counts.length), starts: starts.finish() };
    },
  };
}
