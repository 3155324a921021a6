import { LadError } from "@lad/core";

/** A key wanted of every record: a number (`size` 1; true and false count as 1 and 0) or an array of `size` numbers. */
export type RecordField = { readonly key: string; readonly size: number; readonly offset: number };

/** What a field of the current record turned out to be. */
export const MISSING = 0;
export const READ = 1;
export const WRONG = 2;

/** Takes the fields of one record after another, whoever reads them (the byte scanner, or a walk over objects). */
export type RecordSink = {
  readonly fields: readonly RecordField[];
  /** The numbers of the current record, each field's from its `offset`. */
  readonly values: Float64Array;
  begin(): void;
  /** Says that a field was there, and whether it was of its type. */
  accept(field: number, fine: boolean): void;
  notAnObject(): void;
  end(): void;
};

/** The record a `RecordSink` has just read: `values` and `states` follow the fields, `index` counts from 0. */
export type RecordHandler = (values: Float64Array, states: Uint8Array, index: number) => void;

/**
 * Makes a sink that calls `onRecord` at the end of every record. `what` names the array in messages.
 * The sizes are those of `sizes`, in its order.
 */
export function recordSink(what: string, sizes: Readonly<Record<string, number>>, onRecord: RecordHandler): RecordSink {
  let offset = 0;
  const fields = Object.entries(sizes).map(([key, size]) => {
    const field = { key, size, offset };
    offset += size;
    return field;
  });
  const values = new Float64Array(offset);
  const states = new Uint8Array(fields.length);
  let index = 0;
  return {
    fields,
    values,
    begin: () => {
      states.fill(MISSING);
    },
    accept: (field, fine) => {
      states[field] = fine ? READ : WRONG;
    },
    notAnObject: () => {
      throw new LadError("INVALID_DATA", `${what}[${index}] is not an object`);
    },
    end: () => {
      for (let field = 0; field < states.length; field++) {
        if (states[field] === WRONG) throw wrongType(`${what}[${index}]`, fields[field]!);
      }
      onRecord(values, states, index);
      index++;
    },
  };
}

function wrongType(who: string, { key, size }: RecordField): LadError {
  const wanted = size === 1 ? "a number" : `an array of ${size} numbers`;
  return new LadError("INVALID_DATA", `${who}: "${key}" must be ${wanted}`);
}

/** What to throw when a record lacks a key. */
export function missingKey(who: string, key: string, hint: string): LadError {
  return new LadError("INVALID_DATA", `${who} has no "${key}"; ${hint}`);
}

/** Feeds records that are objects already, as `JSON.parse` makes them. */
export function feedRecords(records: readonly unknown[], sink: RecordSink): void {
  for (const record of records) {
    sink.begin();
    if (typeof record === "object" && record !== null && !Array.isArray(record)) feedObject(record, sink);
    else sink.notAnObject();
    sink.end();
  }
}

function feedObject(record: object, sink: RecordSink): void {
  for (let field = 0; field < sink.fields.length; field++) {
    const { key, size, offset } = sink.fields[field]!;
    const value = (record as Readonly<Record<string, unknown>>)[key];
    if (value === undefined) continue;
    const numbers = size === 1 ? [typeof value === "boolean" ? Number(value) : value] : value;
    const fine = isNumbers(numbers) && numbers.length === size;
    if (fine) sink.values.set(numbers, offset);
    sink.accept(field, fine);
  }
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array) return true;
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
