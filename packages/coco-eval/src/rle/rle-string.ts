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
  const length = expandCounts(() => "rleFromString", bytes, 0, bytes.length, counts);
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
 * Expands `bytes[start … end)` into `counts`, which must hold as many as there are bytes. Returns how many there are.
 * @throws {LadError} INVALID_DATA
 */
export function expandCounts(
  who: () => string,
  bytes: Uint8Array,
  start: number,
  end: number,
  counts: Uint32Array,
): number {
  let length = 0;
  for (let at = start; at < end; ) {
    let value = 0;
    let unit = 1;
    let byte = 32;
    while ((byte & 32) !== 0) {
      byte = at < end ? bytes[at]! - ZERO : -1;
      if (byte < 0 || byte > 63 || unit > 2 ** 30) throw notCounts(who(), at - start);
      at++;
      value += (byte & 31) * unit;
      unit *= 32;
    }
    if ((byte & 16) !== 0) value -= unit;
    if (length > 2) value += counts[length - 2]!;
    if (!(value >= 0 && value < 2 ** 32)) throw notCounts(who(), at - start);
    counts[length++] = value;
  }
  return length;
}

function notCounts(who: string, at: number): LadError {
  const hint = "it is cut short, or no compressed RLE";
  return new LadError("INVALID_DATA", `${who}: the string does not hold counts of a mask at character ${at}; ${hint}`);
}
