import { isNumbers } from "./is-numbers";
import { type JsonCursor, peekByte } from "./json-cursor";
import { type NumberColumn, numberColumn } from "./number-column";
import type { FieldReader } from "./record-sink";
import { scanNumberList } from "./scan-number-list";
import { skipJsonValue } from "./skip-json-value";

/** A value that is a list of any number of numbers. */
export type NumbersField = FieldReader & {
  /** The last record's numbers, valid until the next; `undefined` if it had none, or something else. */
  numbers(): Float64Array | undefined;
};

/** Makes the reader of a list of numbers. */
export function numbersField(): NumbersField {
  const column: NumberColumn = numberColumn();
  let isList = false;
  return {
    clear: () => {
      isList = false;
      column.clear();
    },
    scan: (cursor: JsonCursor) => {
      column.clear();
      isList = peekByte(cursor) === 0x5b;
      if (isList) isList = scanNumberList(cursor, column);
      else skipJsonValue(cursor);
    },
    feed: (value) => {
      column.clear();
      isList = isNumbers(value);
      if (isNumbers(value)) for (let i = 0; i < value.length; i++) column.push(value[i]!);
    },
    numbers: () => (isList ? column.view() : undefined),
  };
}
