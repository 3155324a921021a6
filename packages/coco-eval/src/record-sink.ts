import { LadError } from "@lad/core";
import type { JsonCursor } from "./json-cursor";

/** Reads a value of another kind than numbers; what is wrong with it the owner says later, when it is needed. */
export type FieldReader = {
  /** Forgets the last record's value. */
  clear(): void;
  /** Reads the value at the cursor, whatever it is, and moves past it. */
  scan(cursor: JsonCursor): void;
  /** Takes a value that `JSON.parse` made. */
  feed(value: unknown): void;
};

/** A key wanted of every record: a number (`size` 1; true and false count as 1 and 0), `size` numbers, or what a reader reads. */
export type RecordField = {
  readonly key: string;
  readonly size: number;
  readonly offset: number;
  readonly reader?: FieldReader;
};

/** What a field of the current record turned out to be. */
export const MISSING = 0;
export const READ = 1;
export const WRONG = 2;
/** A list without numbers where there should be some. */
export const EMPTY = 3;

/** Takes the fields of one record after another, whoever reads them (the byte scanner, or a walk over objects). */
export type RecordSink = {
  readonly fields: readonly RecordField[];
  /** The numbers of the current record, each field's from its `offset`. */
  readonly values: Float64Array;
  begin(): void;
  /** Says what a field turned out to be. */
  accept(field: number, state: number): void;
  notAnObject(): void;
  end(): void;
};

/** The record a `RecordSink` has just read: `values` and `states` follow the fields, `index` counts from 0. */
export type RecordHandler = (values: Float64Array, states: Uint8Array, index: number) => void;

/** By key: how many numbers a value has, or who reads it. */
export type FieldKinds = Readonly<Record<string, number | FieldReader>>;

/**
 * Makes a sink that calls `onRecord` at the end of every record. `what` names the array in messages.
 * The fields are those of `kinds`, in its order.
 */
export function recordSink(what: string, kinds: FieldKinds, onRecord: RecordHandler): RecordSink {
  let offset = 0;
  const fields = Object.entries(kinds).map(([key, kind]) => {
    const field = typeof kind === "number" ? { key, size: kind, offset } : { key, size: 0, offset, reader: kind };
    offset += field.size;
    return field;
  });
  const withReader = fields.flatMap((field, number) => ("reader" in field ? { number, reader: field.reader } : []));
  const values = new Float64Array(offset);
  const states = new Uint8Array(fields.length);
  let index = 0;
  return {
    fields,
    values,
    begin: () => {
      for (const { number, reader } of withReader) if (states[number] !== MISSING) reader.clear();
      states.fill(MISSING);
    },
    accept: (field, state) => {
      states[field] = state;
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

/** What to throw when a field is of another type than wanted. */
export function wrongType(who: string, { key, size }: Pick<RecordField, "key" | "size">): LadError {
  const wanted = size === 1 ? "a number" : `an array of ${size} numbers`;
  return new LadError("INVALID_DATA", `${who}: "${key}" must be ${wanted}`);
}

/** What to throw when a record lacks a key. */
export function missingKey(who: string, key: string, hint: string): LadError {
  return new LadError("INVALID_DATA", `${who} has no "${key}"; ${hint}`);
}
