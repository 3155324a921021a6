import { expectByte, type JsonCursor, peekBeyond, peekByte, takeByte } from "./json-cursor";
import { readJsonNumber } from "./read-json-number";
import { readJsonString, skipJsonString } from "./read-json-string";
import { beginRecord, EMPTY, endRecord, notAnObject, READ, type RecordSink, WRONG } from "./record-sink";
import { isNumberStart, scanNumbers } from "./scan-numbers";
import { skipJsonValue, skipLiteral } from "./skip-json-value";

/**
 * Reads the JSON array of objects at the cursor into a sink without building objects. Keys may come in any order, unknown
 * ones are passed over, and of a repeated key the last counts, as with `JSON.parse`.
 */
export function scanRecords(cursor: JsonCursor, sink: RecordSink): void {
  peekBeyond(cursor);
  expectByte(cursor, 0x5b);
  if (peekBeyond(cursor) !== 0x5d) scanRecordsUntil(cursor, sink, Number.POSITIVE_INFINITY);
  expectByte(cursor, 0x5d);
}

/**
 * Reads records of an array from the one at the cursor on, up to the first that ends behind byte `end` of the text, included.
 * Returns where the next one begins, or -1 at the end of the array, with the cursor there.
 */
export function scanRecordsUntil(cursor: JsonCursor, sink: RecordSink, end: number): number {
  const keys = recordKeys(sink.fields.map(({ key }) => key));
  for (;;) {
    scanRecord(cursor, keys, sink);
    const isLast = cursor.offset + cursor.position > end;
    if (!moveToNext(cursor)) return -1;
    if (isLast) return cursor.offset + cursor.position;
  }
}

function moveToNext(cursor: JsonCursor): boolean {
  if (peekBeyond(cursor) !== 0x2c) return false;
  cursor.position++;
  peekBeyond(cursor);
  if (cursor.bytes.length - cursor.position < ahead) cursor.refill?.(cursor.position);
  return true;
}

/** Bytes that should follow in the window when a record begins: few are longer, and it costs less than finding the end. */
const ahead = 2 ** 15;

/** An error this close to the end of a window, bytes, may come of the window's end; no number is longer. */
const margin = 4096;

/** Reads the record at the cursor; once more, with more of the text, if the window ends in it. */
function scanRecord(cursor: JsonCursor, keys: RecordKeys, sink: RecordSink): void {
  for (;;) {
    const start = cursor.position;
    try {
      beginRecord(sink);
      if (cursor.bytes[start] !== 0x7b) {
        skipJsonValue(cursor);
        throw notAnObject(sink);
      }
      scanObject(cursor, keys, sink);
      break;
    } catch (error) {
      if (cursor.position + margin < cursor.bytes.length || !cursor.refill?.(start)) throw error;
      cursor.position = 0;
    }
  }
  endRecord(sink);
}

function scanObject(cursor: JsonCursor, keys: RecordKeys, sink: RecordSink): void {
  cursor.position++;
  if (takeByte(cursor, 0x7d)) return;
  let place = 0;
  do {
    const field = readKey(cursor, keys, place++);
    expectByte(cursor, 0x3a);
    if (field < 0) skipJsonValue(cursor);
    else scanField(cursor, sink, field);
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x7d);
}

/** Wanted keys as they stand in the text, and which of them came last at each place in an object: most likely it does again. */
export type RecordKeys = { readonly quoted: readonly Uint8Array[]; readonly last: Int32Array };

export function recordKeys(keys: readonly string[]): RecordKeys {
  return { quoted: keys.map((key) => new TextEncoder().encode(`"${key}"`)), last: new Int32Array(32).fill(-1) };
}

/** Reads the key at a place of its object and returns which of the wanted ones it is, or -1. */
export function readKey(cursor: JsonCursor, { quoted, last }: RecordKeys, place: number): number {
  peekByte(cursor);
  const start = cursor.position;
  const guess = last[place] ?? -1;
  if (guess >= 0 && isAt(cursor.bytes, start, quoted[guess]!)) {
    cursor.position = start + quoted[guess]!.length;
    return guess;
  }
  const field = findKey(cursor, quoted);
  if (place < last.length) last[place] = field;
  return field;
}

function findKey(cursor: JsonCursor, quoted: readonly Uint8Array[]): number {
  const start = cursor.position;
  if (!skipJsonString(cursor)) return quoted.findIndex((key) => isAt(cursor.bytes, start, key));
  const end = cursor.position;
  cursor.position = start;
  const text = new TextEncoder().encode(JSON.stringify(readJsonString(cursor)));
  cursor.position = end;
  return quoted.findIndex((key) => isAt(text, 0, key));
}

function isAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

function scanField(cursor: JsonCursor, sink: RecordSink, field: number): void {
  const { size, offset, reader } = sink.fields[field]!;
  const byte = peekByte(cursor);
  if (reader) {
    reader.scan(cursor);
    sink.states[field] = READ;
  } else if (size === 1) sink.states[field] = scanScalar(cursor, byte, sink.values, offset) ? READ : WRONG;
  else if (byte !== 0x5b) {
    skipJsonValue(cursor);
    sink.states[field] = WRONG;
  } else {
    const count = scanNumbers(cursor, sink.values, offset, size);
    sink.states[field] = count === size ? READ : count === 0 ? EMPTY : WRONG;
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
