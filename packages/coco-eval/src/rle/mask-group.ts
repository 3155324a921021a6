import { LadError } from "@lad/core";
import { checkSize } from "./check-size";
import { boxOfCounts } from "./rle-box";
import type { MaskSize } from "./rle-types";

/** Masks laid out to be intersected with others; its room is used again, group after group. */
export type MaskGroup = {
  /** Forgets the masks. */
  clear(): void;
  /**
   * Adds a mask of `length` counts. `name` says whose it is, in messages.
   * @throws {LadError} INVALID_DATA if they do not add up to height · width.
   */
  add(counts: Uint32Array, length: number, size: MaskSize, name: () => string): void;
  count(): number;
  at(index: number): GroupedMask;
};

/** One mask of a group; valid until the group changes. */
export type GroupedMask = {
  /** Position after each run. */
  readonly ends: Uint32Array;
  readonly size: MaskSize;
  /** xywh px */
  readonly box: readonly [number, number, number, number];
  readonly area: number;
  /** No run but the first is of length 0. */
  readonly isRegular: boolean;
};

/** Makes an empty group. */
export function maskGroup(): MaskGroup {
  let room = new Uint32Array(1024);
  let used = 0;
  const masks: GroupedMask[] = [];
  const reserve = (length: number) => {
    if (used + length <= room.length) return;
    room = new Uint32Array(Math.max(2 * room.length, length)); // earlier masks keep their views of the old one
    used = 0;
  };
  return {
    clear: () => {
      used = 0;
      masks.length = 0;
    },
    add: (counts, length, size, name) => {
      reserve(length);
      const ends = room.subarray(used, used + length);
      used += length;
      masks.push(measure(counts, ends, size, name));
    },
    count: () => masks.length,
    at: (index) => masks[index]!,
  };
}

function measure(counts: Uint32Array, ends: Uint32Array, size: MaskSize, name: () => string): GroupedMask {
  let position = 0;
  let area = 0;
  let isRegular = true;
  for (let i = 0; i < ends.length; i++) {
    const run = counts[i]!;
    position += run;
    ends[i] = position;
    if (i % 2 === 1) area += run;
    if (run === 0 && i > 0) isRegular = false;
  }
  if (!hasPixels(size, position)) {
    checkSize(name(), size);
    const got = `${position} for ${size[0]} x ${size[1]}`;
    throw new LadError("INVALID_DATA", `${name()}: the counts must add up to height x width, got ${got}`);
  }
  const box: [number, number, number, number] = [0, 0, 0, 0];
  boxOfCounts(counts, ends.length, size, box, 0);
  return { ends, size, box, area, isRegular };
}

/** Whether a mask of this size may be, and has so many pixels. */
function hasPixels([height, width]: MaskSize, pixels: number): boolean {
  return (
    height * width === pixels &&
    pixels < 2 ** 32 &&
    Number.isInteger(height) &&
    Number.isInteger(width) &&
    height >= 0 &&
    width >= 0
  );
}
