import { LadError } from "@lad/core";
import { checkSize } from "./check-size";
import type { MaskSize, Rle } from "./rle-types";

/** The first of the 64 characters, "0"; each holds five bits, the sixth says that more follow. */
const ZERO = 48;

/** COCO's compressed counts: each but the first three less the last but one, five bits a character. */
export function rleToString({ counts }: Rle): string {
  const bytes = compressCounts(counts, counts.length);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}

/**
 * Reads COCO's compressed counts.
 * @throws {LadError} INVALID_DATA if the string is none, INVALID_ARGUMENT for a size that no mask can have.
 */
export function rleFromString(text: string, size: MaskSize): Rle {
  checkSize("rleFromString", size);
  const bytes = Uint8Array.from(text, (character) => Math.min(255, character.charCodeAt(0)));
  const counts = new Uint32Array(bytes.length);
  const length = expandCounts(() => "rleFromString", bytes, 0, bytes.length, counts, 0);
  return { size, counts: counts.slice(0, length) };
}

/** The characters of `rleToString` as bytes. */
export function compressCounts(counts: ArrayLike<number>, length: number): Uint8Array {
  const bytes = new Uint8Array(7 * length); // a difference of 33 bits takes seven characters
  let at = 0;
  for (let i = 0; i < length; i++) {
    let rest = i > 2 ? counts[i]! - counts[i - 2]! : counts[i]!;
    for (let more = true; more; ) {
      const low = rest & 31;
      rest = (rest - low) / 32;
      more = (low & 16) === 0 ? rest !== 0 : rest !== -1;
      bytes[at++] = ZERO + low + (more ? 32 : 0);
    }
  }
  return bytes.subarray(0, at);
}

/**
 * Expands `bytes[start … end)` into `counts` from index `first` on, where room must be for as many as there are bytes. Returns
 * how many there are.
 * @throws {LadError} INVALID_DATA
 */
export function expandCounts(
  who: () => string,
  bytes: Uint8Array,
  start: number,
  end: number,
  counts: Uint32Array,
  first: number,
): number {
  let index = first;
  let reference = 0; // what the next count is the difference to: the last but one, from the fourth on
  let last = 0;
  for (let at = start; at < end; index++) {
    const digit = bytes[at]! - ZERO;
    const next = (reference + ((digit << 27) >> 27)) | 0; // the highest of the five bits is the sign
    if (digit >= 0 && digit < 32 && next >= 0) {
      counts[index] = next;
      at++;
    } else {
      const length = expandLong(bytes, at, end, counts, index, reference);
      if (length < 0) throw notCounts(who(), at - length - 1 - start);
      at += length;
    }
    reference = index > first + 1 ? last : 0;
    last = counts[index]!;
  }
  return index - first;
}

/**
 * Adds the difference of several characters from `start` on to `reference`, and writes the sum to `counts[index]`. Returns the number of
 * characters, or -1 less their number where they are not a difference or the sum is no count.
 */
function expandLong(
  bytes: Uint8Array,
  start: number,
  end: number,
  counts: Uint32Array,
  index: number,
  reference: number,
): number {
  let at = start;
  let value = reference;
  let unit = 1;
  let digit = 32;
  while ((digit & 32) !== 0) {
    digit = at < end ? bytes[at]! - ZERO : -1;
    if (digit < 0 || digit > 63 || unit > 2 ** 30) return start - at - 1;
    at++;
    value += (digit & 31) * unit;
    unit *= 32;
  }
  if ((digit & 16) !== 0) value -= unit;
  if (!(value >= 0 && value < 2 ** 32)) return start - at - 1;
  counts[index] = value;
  return at - start;
}

function notCounts(who: string, at: number): LadError {
  const hint = "it is cut short, or no compressed RLE";
  return new LadError("INVALID_DATA", `${who}: the string does not hold counts of a mask at character ${at}; ${hint}`);
}
