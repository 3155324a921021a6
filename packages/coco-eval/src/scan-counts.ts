import type { JsonCursor } from "./json-cursor";
import { readJsonString, skipJsonString } from "./read-json-string";

const BACKSLASH = 0x5c;

/**
 * The text of the JSON string at the cursor as bytes; characters beyond a byte become 255. Without escapes they are not
 * copied. The backslash is one of the characters of compressed counts, so `\\` is common, other escapes are not.
 */
export function scanCounts(cursor: JsonCursor): Uint8Array {
  const start = cursor.position + 1;
  if (!skipJsonString(cursor)) return cursor.bytes.subarray(start, cursor.position - 1);
  const end = cursor.position;
  const bytes = new Uint8Array(end - 1 - start);
  let length = 0;
  for (let at = start; at < end - 1; at++) {
    const byte = cursor.bytes[at]!;
    if (byte === BACKSLASH && cursor.bytes[++at] !== BACKSLASH) return unescaped(cursor, start - 1, end);
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

function unescaped(cursor: JsonCursor, start: number, end: number): Uint8Array {
  cursor.position = start;
  const text = readJsonString(cursor);
  cursor.position = end;
  return asciiBytes(text);
}

/** A byte a character; 255 for those that one does not hold. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => Math.min(255, character.charCodeAt(0)));
}
