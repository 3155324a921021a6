import type { CocoMasks } from "./coco-types";
import { numberColumn } from "./number-column";
import { compressCounts } from "./rle/rle-string";
import type { MaskSize } from "./rle/rle-types";

/** Sizes that say why a row has no mask. */
export const NO_MASK = -1;
export const UNUSABLE_MASK = -2;

/** Masks that are gathered row by row: compressed, which takes a byte or two a run. */
export type MaskColumn = {
  /** The bytes of compressed counts. */
  pushBytes(bytes: Uint8Array, size: MaskSize): void;
  pushCounts(counts: ArrayLike<number>, length: number, size: MaskSize): void;
  pushNone(): void;
  pushUnusable(): void;
  finish(): CocoMasks;
};

/** Makes an empty column. */
export function maskColumn(): MaskColumn {
  let room = new Uint8Array(1024);
  let used = 0;
  const sizes = numberColumn();
  const starts = numberColumn();
  const push = (height: number, width: number) => {
    sizes.push(height);
    sizes.push(width);
    starts.push(used);
  };
  const pushBytes = (bytes: Uint8Array, [height, width]: MaskSize) => {
    push(height, width);
    if (used + bytes.length > room.length) {
      const grown = new Uint8Array(Math.max(2 * room.length, used + bytes.length));
      grown.set(room.subarray(0, used));
      room = grown;
    }
    room.set(bytes, used);
    used += bytes.length;
  };
  return {
    pushBytes,
    pushCounts: (counts, length, size) => pushBytes(compressCounts(counts, length), size),
    pushNone: () => push(NO_MASK, NO_MASK),
    pushUnusable: () => push(UNUSABLE_MASK, UNUSABLE_MASK),
    finish: () => {
      starts.push(used);
      return { sizes: sizes.finish(), counts: room.slice(0, used), starts: starts.finish() };
    },
  };
}
