import { LadError } from "@lad/core";
import { checkSize } from "./check-size";
import { measureRuns, type Runs } from "./measure-runs";
import { expandCounts } from "./rle-string";
import type { MaskSize } from "./rle-types";
import { sumRuns } from "./sum-runs";

/** Masks laid out to be intersected with others; its room is used again, group after group. */
export type MaskGroup = {
  /** Forgets the masks. */
  clear(): void;
  /**
   * Adds a mask by its counts. `name` says whose it is, in messages.
   * @throws {LadError} INVALID_DATA if they do not add up to height · width.
   */
  add(counts: Uint32Array, size: MaskSize, name: () => string): void;
  /** Adds a mask by its compressed counts, `bytes[start … end)`. @throws {LadError} INVALID_DATA also if they are none. */
  addCompressed(bytes: Uint8Array, start: number, end: number, size: MaskSize, name: () => string): void;
  count(): number;
  at(index: number): GroupedMask;
};

/** One mask of a group; valid until the group is cleared. */
export type GroupedMask = Runs & {
  readonly size: MaskSize;
  /** xywh px */
  readonly box: Float64Array;
  readonly area: number;
};

/** Makes an empty group. */
export function maskGroup(): MaskGroup {
  let room = new Uint32Array(1024);
  let used = 0;
  const masks: GroupedMask[] = [];
  const reserve = (length: number) => {
    if (used + length <= room.length) return;
    room = new Uint32Array(Math.max(2 * room.length, length)); // earlier masks keep the old one
    used = 0;
  };
  const push = (length: number, size: MaskSize, name: () => string) => {
    masks.push(groupedMask(room, used, length, size, name));
    used += length;
  };
  return {
    clear: () => {
      used = 0;
      masks.length = 0;
    },
    add: (counts, size, name) => {
      reserve(counts.length);
      room.set(counts, used);
      push(counts.length, size, name);
    },
    addCompressed: (bytes, start, end, size, name) => {
      reserve(end - start);
      push(expandCounts(name, bytes, start, end, room, used), size, name);
    },
    count: () => masks.length,
    at: (index) => masks[index]!,
  };
}

/** Makes a mask of the counts that lie in `ends`, which become the positions after each run. */
function groupedMask(
  ends: Uint32Array,
  start: number,
  length: number,
  size: MaskSize,
  name: () => string,
): GroupedMask {
  const isPlain = sumRuns(ends, start, length);
  const runs = { ends, start, length, isPlain };
  const pixels = isPlain && length > 0 ? ends[start + length - 1]! : sumOfRuns(runs);
  if (!hasPixels(size, pixels)) {
    checkSize(name(), size);
    const got = `${pixels} for ${size[0]} x ${size[1]}`;
    throw new LadError("INVALID_DATA", `${name()}: the counts must add up to height x width, got ${got}`);
  }
  const box = new Float64Array(4);
  const area = measureRuns(runs, size, box, 0);
  return { ends, start, length, isPlain, size, box, area };
}

/** What the counts added up to, beyond 32 bits too. */
function sumOfRuns({ ends, start, length }: Runs): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (ends[start + i]! - (i === 0 ? 0 : ends[start + i - 1]!)) >>> 0;
  return sum;
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
