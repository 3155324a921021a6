import { readSync } from "node:fs";
import { cursorOn, type JsonCursor } from "../json-cursor";

/** Bytes of a file that are in memory at a time, unless one record is longer. */
const windowLength = 2 ** 20;

/** A cursor on a JSON file, at its beginning, with a window that moves along as records are read; `moveTo` puts it elsewhere. */
export function fileCursor(
  descriptor: number,
  length = windowLength,
): { readonly cursor: JsonCursor; moveTo(byte: number): void } {
  let room = new Uint8Array(length + 1); // for the window and the 0 behind it
  let used = 0;
  let isLast = false; // nothing follows the window, and there is no 0 behind it
  const refill = (keepFrom: number): boolean => {
    if (isLast) return false;
    const kept = used - keepFrom;
    if (kept > room.length / 2) {
      const grown = new Uint8Array(2 * room.length);
      grown.set(room.subarray(keepFrom, used));
      room = grown;
    } else room.copyWithin(0, keepFrom, used);
    const read = readSync(descriptor, room, kept, room.length - 1 - kept, cursor.offset + used);
    used = kept + read;
    isLast = read === 0;
    room[used] = 0;
    cursor.bytes = room.subarray(0, isLast ? used : used + 1);
    cursor.position -= keepFrom;
    cursor.offset += keepFrom;
    return true;
  };
  const cursor = cursorOn(room.subarray(0, 1), 0, refill);
  const moveTo = (byte: number) => {
    [used, isLast, room[0]] = [0, false, 0];
    cursor.bytes = room.subarray(0, 1);
    cursor.position = 0;
    cursor.offset = byte;
  };
  return { cursor, moveTo };
}

/** Moves past a byte-order mark. */
export function skipMark(cursor: JsonCursor): void {
  while (cursor.bytes.length < 4 && cursor.refill?.(0));
  const [a, b, c] = cursor.bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) cursor.position = 3;
}
