import { expectByte, type JsonCursor, jsonError } from "./json-cursor";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Moves past a JSON string. Returns whether it holds escapes: without them its text is the bytes between the quotes. */
export function skipJsonString(cursor: JsonCursor): boolean {
  expectByte(cursor, QUOTE);
  const { bytes } = cursor;
  let { position } = cursor;
  let escaped = false;
  for (;;) {
    const byte = bytes[position];
    if (byte === QUOTE) break;
    if (byte === undefined || byte < 0x20) {
      cursor.position = position;
      throw jsonError(cursor, "wanted the end of a string");
    }
    if (byte === BACKSLASH) {
      escaped = true;
      cursor.position = position;
      position += escapeLength(cursor);
    } else position++;
  }
  cursor.position = position + 1;
  return escaped;
}

/** Bytes of the escape at the cursor. @throws {LadError} INVALID_FILE if it is none that JSON knows. */
function escapeLength(cursor: JsonCursor): number {
  const { bytes, position } = cursor;
  const letter = String.fromCharCode(bytes[position + 1] ?? 0);
  if (letter === "u") {
    const digits = String.fromCharCode(...bytes.subarray(position + 2, position + 6));
    if (/^[0-9a-fA-F]{4}$/.test(digits)) return 6;
  } else if ('"\\/bfnrt'.includes(letter)) return 2;
  throw jsonError(cursor, "wanted an escape that JSON knows");
}

/** Reads the JSON string at the cursor. */
export function readJsonString(cursor: JsonCursor): string {
  expectByte(cursor, QUOTE);
  const start = --cursor.position;
  skipJsonString(cursor);
  return JSON.parse(new TextDecoder().decode(cursor.bytes.subarray(start, cursor.position))) as string;
}
