import type { JsonCursor } from "../json-cursor";
import { fileCursor } from "./file-cursor";

/** How far behind its due place a part may begin, bytes. */
const farthest = 2 ** 20;

/**
 * Where a list of objects in a JSON file might be cut: for each due place the next "{" behind a "}" and a comma. It is a guess,
 * since that could stand in a string; whoever reads the part before finds out. `undefined` if there is no such place nearby.
 */
export function splitList(descriptor: number, due: readonly number[]): number[] | undefined {
  const starts = due.map((place) => nextObject(fileCursor(descriptor, place, farthest)));
  const ascending = starts.every((start, i) => start > 0 && (i === 0 || start > starts[i - 1]!));
  return ascending ? starts : undefined;
}

function nextObject(cursor: JsonCursor): number {
  cursor.refill?.(0);
  const { bytes } = cursor;
  let seen = 0; // 1 behind "}", 2 behind "},"
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x7b && seen === 2) return cursor.offset + i;
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (byte === 0x7d) seen = 1;
    else if (byte === 0x2c && seen === 1) seen = 2;
    else if (!isSpace) seen = 0;
  }
  return -1;
}
