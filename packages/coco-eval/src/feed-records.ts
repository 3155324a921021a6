import { isNumbers } from "./is-numbers";
import { beginRecord, EMPTY, endRecord, notAnObject, READ, type RecordSink, WRONG } from "./record-sink";

/** Feeds records that are objects already, as `JSON.parse` makes them. */
export function feedRecords(records: readonly unknown[], sink: RecordSink): void {
  for (const record of records) {
    beginRecord(sink);
    const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
    if (!isObject) throw notAnObject(sink);
    feedObject(record, sink);
    endRecord(sink);
  }
}

function feedObject(record: object, sink: RecordSink): void {
  for (let field = 0; field < sink.fields.length; field++) {
    const { key, size, offset, reader } = sink.fields[field]!;
    const value = (record as Readonly<Record<string, unknown>>)[key];
    if (value === undefined) continue;
    if (reader) {
      reader.feed(value);
      sink.states[field] = READ;
      continue;
    }
    const numbers = size === 1 ? [typeof value === "boolean" ? Number(value) : value] : value;
    const fine = isNumbers(numbers) && numbers.length === size;
    if (fine) sink.values.set(numbers, offset);
    sink.states[field] = fine ? READ : isNumbers(numbers) && numbers.length === 0 ? EMPTY : WRONG;
  }
}
