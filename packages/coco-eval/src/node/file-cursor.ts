import { readSync } from "node:fs";
import type { JsonCursor } from "../json-cursor";

/** Bytes of a file that are in memory at a time, unless one record is longer. */
const windowLength = 2 ** 20;

/** A cursor on a JSON file from byte `start` on, with a window that moves along as records are read. */
export function fileCursor(descriptor: number, start: number, length = windowLength): JsonCursor {
  let room = new Uint8Array(length);
  const cursor = {
    bytes: room.subarray(0, 0),
    position: 0,
    offset: start,
    refill: (keepFrom: number): boolean => {
      const kept = cursor.bytes.length - keepFrom;
      if (kept > room.length / 2) {
        const grown = new Uint8Array(2 * room.length);
        grown.set(cursor.bytes.subarray(keepFrom));
        room = grown;
      } else room.copyWithin(0, keepFrom, keepFrom + kept);
      const read = readSync(descriptor, room, kept, room.length - kept, cursor.offset + cursor.bytes.length);
      cursor.bytes = room.subarray(0, kept + read);
      cursor.position -= keepFrom;
      cursor.offset += keepFrom;
      return read > 0;
    },
  };
  return cursor;
}

/** Moves past a byte-order mark. */
export function skipMark(cursor: JsonCursor): void {
  if (cursor.bytes.length < 3) cursor.refill?.(0);
  const [a, b, c] = cursor.bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) cursor.position = 3;
}
