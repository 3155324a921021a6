import { expectByte, type JsonCursor, peekByte, takeByte } from "./json-cursor";
import { readJsonNumber } from "./read-json-number";
import { readJsonString, skipJsonString } from "./read-json-string";
import { EMPTY, READ, type RecordSink, WRONG } from "./record-sink";
import { isNumberStart, scanNumbers } from "./scan-numbers";
import { skipJsonValue, skipLiteral } from "./skip-json-value";

/**
 * Reads the JSON array of objects at the cursor into a sink without building objects. Keys may come in any order, unknown
 * ones are passed over, and of a repeated key the last counts, as with `JSON.parse`.
 */
export function scanRecords(cursor: JsonCursor, sink: RecordSink): void {
  const keys = sink.fields.map(({ key }) => new TextEncoder().encode(key));
  expectByte(cursor, 0x5b);
  if (takeByte(cursor, 0x5d)) return;
  do {
    sink.begin();
    if (peekByte(cursor) === 0x7b) scanObject(cursor, keys, sink);
    else {
      skipJsonValue(cursor);
      sink.notAnObject();
    }
    sink.end();
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x5d);
}

function scanObject(cursor: JsonCursor, keys: readonly Uint8Array[], sink: RecordSink): void {
  cursor.position++;
  if (takeByte(cursor, 0x7d)) return;
  do {
    const field = readKey(cursor, keys);
    expectByte(cursor, 0x3a);
    if (field < 0) skipJsonValue(cursor);
    else scanField(cursor, sink, field);
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x7d);
}

/** Reads a key and returns which of the wanted ones it is, or -1. */
export function readKey(cursor: JsonCursor, keys: readonly Uint8Array[]): number {
  peekByte(cursor);
  const start = cursor.position;
  if (skipJsonString(cursor)) {
    const end = cursor.position;
    cursor.position = start;
    const text = new TextEncoder().encode(readJsonString(cursor));
    cursor.position = end;
    return findKey(text, 0, text.length, keys);
  }
  return findKey(cursor.bytes, start + 1, cursor.position - start - 2, keys);
}

function findKey(bytes: Uint8Array, start: number, length: number, keys: readonly Uint8Array[]): number {
  for (let field = 0; field < keys.length; field++) {
    const key = keys[field]!;
    if (key.length !== length) continue;
    let same = 0;
    while (same < length && bytes[start + same] === key[same]) same++;
    if (same === length) return field;
  }
  return -1;
}

function scanField(cursor: JsonCursor, sink: RecordSink, field: number): void {
  const { size, offset, reader } = sink.fields[field]!;
  const byte = peekByte(cursor);
  if (reader) {
    reader.scan(cursor);
    sink.accept(field, READ);
  } else if (size === 1) sink.accept(field, scanScalar(cursor, byte, sink.values, offset) ? READ : WRONG);
  else if (byte !== 0x5b) {
    skipJsonValue(cursor);
    sink.accept(field, WRONG);
  } else {
    const count = scanNumbers(cursor, sink.values, offset, size);
    sink.accept(field, count === size ? READ : count === 0 ? EMPTY : WRONG);
  }
}

/** Reads a number, or true as 1 and false as 0; false if it is something else, which is passed over. */
function scanScalar(cursor: JsonCursor, byte: number, values: Float64Array, offset: number): boolean {
  if (isNumberStart(byte)) values[offset] = readJsonNumber(cursor);
  else if (byte === 0x74 || byte === 0x66) {
    skipLiteral(cursor, byte === 0x74 ? "true" : "false");
    values[offset] = byte === 0x74 ? 1 : 0;
  } else {
    skipJsonValue(cursor);
    return false;
  }
  return true;
}
