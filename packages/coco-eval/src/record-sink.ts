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
  readonly reader: FieldReader | undefined;
};

/** What a field of the current record turned out to be. */
export const MISSING = 0;
export const READ = 1;
export const WRONG = 2;
/** A list without numbers where there should be some. */
export const EMPTY = 3;

/**
 * Takes the fields of one record after another, whoever reads them (the byte scanner, or a walk over objects). It is data,
 * worked on by the functions below: with functions of its own, those who call them would be compiled anew for every sink.
 */
export type RecordSink = {
  /** Names the list in messages. */
  readonly what: string;
  readonly fields: readonly RecordField[];
  /** The numbers of the current record, each field's from its `offset`. */
  readonly values: Float64Array;
  /** What each field of the current record turned out to be. */
  readonly states: Uint8Array;
  /** Number of the current record, from 0. */
  index: number;
  /** Called at the end of every record. */
  readonly onRecord: RecordHandler;
};

/** The record a `RecordSink` has just read: `values` and `states` follow the fields, `index` counts from 0. */
export type RecordHandler = (values: Float64Array, states: Uint8Array, index: number) => void;

/** By key: how many numbers a value has, or who reads it. */
export type FieldKinds = Readonly<Record<string, number | FieldReader>>;

/** Makes a sink. The fields are those of `kinds`, in its order. */
export function recordSink(what: string, kinds: FieldKinds, onRecord: RecordHandler): RecordSink {
  let offset = 0;
  const fields = Object.entries(kinds).map(([key, kind]): RecordField => {
    const isReader = typeof kind !== "number";
    const field = { key, size: isReader ? 0 : kind, offset, reader: isReader ? kind : undefined };
    offset += field.size;
    return field;
  });
  return { what, fields, values: new Float64Array(offset), states: new Uint8Array(fields.length), index: 0, onRecord };
}

/** Forgets the last record. */
export function beginRecord({ fields, states }: RecordSink): void {
  for (let field = 0; field < states.length; field++) {
    if (states[field] !== MISSING) fields[field]!.reader?.clear();
    states[field] = MISSING;
  }
}

/** Hands the record on. @throws {LadError} INVALID_DATA if a field is of another type than wanted. */
export function endRecord(sink: RecordSink): void {
  const { fields, values, states, index } = sink;
  for (let field = 0; field < states.length; field++) {
    if (states[field] === WRONG) throw wrongType(`${sink.what}[${index}]`, fields[field]!);
  }
  sink.onRecord(values, states, index);
  sink.index++;
}

/** What to throw where a record is something else. */
export function notAnObject({ what, index }: RecordSink): LadError {
  return new LadError("INVALID_DATA", `${what}[${index}] is not an object`);
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
