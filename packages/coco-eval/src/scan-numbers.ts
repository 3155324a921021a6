import { expectByte, type JsonCursor, peekByte, takeByte } from "./json-cursor";
import { readJsonNumber } from "./read-json-number";
import { skipJsonValue } from "./skip-json-value";

/** Whether a number begins with this byte. */
export function isNumberStart(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
}

/**
 * Reads the JSON array at the cursor into `values` from `offset` on, up to `room` numbers. Returns how many numbers it
 * holds, or -1 if it holds something else or more; it is passed over either way.
 */
export function scanNumbers(cursor: JsonCursor, values: Float64Array, offset: number, room: number): number {
  cursor.position++;
  if (takeByte(cursor, 0x5d)) return 0;
  let fine = true;
  let count = 0;
  do {
    if (isNumberStart(peekByte(cursor)) && count < room) values[offset + count] = readJsonNumber(cursor);
    else {
      skipJsonValue(cursor);
      fine = false;
    }
    count++;
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x5d);
  return fine ? count : -1;
}
