import { type ByteBuffer, reserveBytes } from "./byte-buffer";
import type { JsonCursor } from "./json-cursor";
import { readJsonString, skipJsonString } from "./read-json-string";

const BACKSLASH = 0x5c;

/**
 * Fills a buffer with the text of the JSON string at the cursor, a byte a character; characters beyond a byte become 255. The backslash is one of
 * the characters of compressed counts, so `\\` is common, other escapes are not.
 */
export function scanCounts(cursor: JsonCursor, counts: ByteBuffer): void {
  const start = cursor.position;
  skipJsonString(cursor);
  const end = cursor.position - 1;
  const { bytes } = cursor;
  counts.length = 0;
  const room = reserveBytes(counts, end - start);
  let length = 0;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === BACKSLASH && bytes[++at] !== BACKSLASH) {
      cursor.position = start;
      feedCounts(readJsonString(cursor), counts);
      return;
    }
    room[length++] = byte;
  }
  counts.length = length;
}

/** Fills a buffer with a byte a character; 255 for those that one does not hold. */
export function feedCounts(text: string, counts: ByteBuffer): void {
  counts.length = 0;
  const room = reserveBytes(counts, text.length);
  for (let i = 0; i < text.length; i++) room[counts.length++] = Math.min(255, text.charCodeAt(i));
}
