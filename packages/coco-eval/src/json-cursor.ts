import { LadError } from "@lad/core";

/**
 * A place in a JSON text (UTF-8 bytes), all of it or a window on it. The readers move `position` past what they have read. They are
 * compiled for one kind of object, so `cursorOn` makes all cursors, and their bytes are a plain `Uint8Array`.
 */
export type JsonCursor = {
  /** The text, or a window on it that ends with a byte 0 if more follows: readers stop there without looking at the length. */
  bytes: Uint8Array;
  position: number;
  /** Where `bytes` start in the text. */
  offset: number;
  /** Lets more of the text follow the bytes from `keepFrom` on; false if there is no more. Absent: `bytes` are all. */
  readonly refill: ((keepFrom: number) => boolean) | undefined;
};

/**
 * Makes a cursor at the start of the text. Key by key, as a constructor would: what V8 expects of a literal's fields is widened by its
 * second object, and all code that was compiled for the first is thrown away.
 */
export function cursorOn(bytes: Uint8Array, position: number, refill?: JsonCursor["refill"]): JsonCursor {
  const cursor = {} as { -readonly [Key in keyof JsonCursor]: JsonCursor[Key] };
  cursor.bytes = bytes;
  cursor.position = position;
  cursor.offset = 0;
  cursor.refill = refill;
  return cursor;
}

/** Puts a cursor on a JSON text; a string is encoded, a leading byte-order mark is passed over. */
export function jsonCursor(json: string | Uint8Array): JsonCursor {
  const given = typeof json === "string" ? new TextEncoder().encode(json) : json;
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length); // not Node's Buffer
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return cursorOn(bytes, hasMark ? 3 : 0);
}

/** Moves past white space and returns the byte there, without moving past it; -1 at the end. */
export function peekByte(cursor: JsonCursor): number {
  const { bytes } = cursor;
  let { position } = cursor;
  let byte = bytes[position];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++position];
  cursor.position = position;
  return byte === undefined ? -1 : byte;
}

/** As `peekByte`, going on behind the end of the window. */
export function peekBeyond(cursor: JsonCursor): number {
  let byte = peekByte(cursor);
  while (byte <= 0 && cursor.position + 1 >= cursor.bytes.length && cursor.refill?.(cursor.position))
    byte = peekByte(cursor);
  return byte;
}

/** Moves past white space and one expected byte. @throws {LadError} INVALID_FILE if another byte stands there. */
export function expectByte(cursor: JsonCursor, byte: number): void {
  if (peekByte(cursor) !== byte) throw jsonError(cursor, `wanted ${quoted(byte)}`);
  cursor.position++;
}

/** True, and moves past it, if the next byte is the given one. */
export function takeByte(cursor: JsonCursor, byte: number): boolean {
  if (peekByte(cursor) !== byte) return false;
  cursor.position++;
  return true;
}

/** What to throw when the text is not JSON: names the byte offset and what stands there. */
export function jsonError(cursor: JsonCursor, wanted: string): LadError {
  const { bytes, position, offset, refill } = cursor;
  const end = refill && bytes[bytes.length - 1] === 0 ? bytes.length - 1 : bytes.length; // without the 0 behind a window
  const text = new TextDecoder().decode(bytes.subarray(position, Math.min(end, position + 12)));
  const place = `at byte ${offset + position}`;
  if (/^-?(NaN|Inf)/.test(text)) {
    const hint = "NaN and Infinity are not JSON numbers; remove the entry or write a finite number";
    return new LadError("NON_FINITE", `JSON: got ${text.match(/^-?\w+/)?.[0]} ${place}: ${hint}`);
  }
  const got = position < end ? `${JSON.stringify(text)} ${place}` : "the end of the text";
  return new LadError("INVALID_FILE", `JSON: ${wanted}, got ${got}; the text is truncated or not JSON`);
}

function quoted(byte: number): string {
  return `"${String.fromCharCode(byte)}"`;
}
