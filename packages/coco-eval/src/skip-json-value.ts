import { expectByte, type JsonCursor, jsonError, peekByte, takeByte } from "./json-cursor";
import { readJsonNumber } from "./read-json-number";
import { skipJsonString } from "./read-json-string";

const COMMA = 0x2c;
const literals = new Map([
  [0x74, "true"],
  [0x66, "false"],
  [0x6e, "null"],
]);

/** Moves past one JSON value of any kind, checking that it is JSON. Deep nesting takes memory, not stack. */
export function skipJsonValue(cursor: JsonCursor): void {
  const closers: number[] = []; // what ends each open array or object
  do {
    const byte = peekByte(cursor);
    if (byte === 0x5b || byte === 0x7b) {
      cursor.position++;
      const closer = byte + 2;
      if (!takeByte(cursor, closer)) {
        closers.push(closer);
        if (closer === 0x7d) skipKey(cursor);
        continue;
      }
    } else skipScalar(cursor, byte);
    leaveValues(cursor, closers);
  } while (closers.length > 0);
}

/** After a value: past the comma to the next value of the innermost container, or out of every container that ends here. */
function leaveValues(cursor: JsonCursor, closers: number[]): void {
  while (closers.length > 0) {
    const closer = closers[closers.length - 1]!;
    if (takeByte(cursor, COMMA)) {
      if (closer === 0x7d) skipKey(cursor);
      return;
    }
    expectByte(cursor, closer);
    closers.pop();
  }
}

function skipKey(cursor: JsonCursor): void {
  skipJsonString(cursor);
  expectByte(cursor, 0x3a);
}

function skipScalar(cursor: JsonCursor, byte: number): void {
  if (byte === 0x22) skipJsonString(cursor);
  else if (literals.has(byte)) skipLiteral(cursor, literals.get(byte)!);
  else readJsonNumber(cursor);
}

/** Moves past `true`, `false` or `null`. */
export function skipLiteral(cursor: JsonCursor, literal: string): void {
  for (let i = 0; i < literal.length; i++) {
    if (cursor.bytes[cursor.position + i] !== literal.charCodeAt(i)) throw jsonError(cursor, `wanted ${literal}`);
  }
  cursor.position += literal.length;
}
