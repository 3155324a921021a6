import { expectByte, type JsonCursor, peekByte, takeByte } from "./json-cursor";
import type { NumberColumn } from "./number-column";
import { readJsonNumber } from "./read-json-number";
import { isNumberStart } from "./scan-numbers";
import { skipJsonValue } from "./skip-json-value";

/** Appends the numbers of the JSON array at the cursor; false if it holds something else, which is passed over. */
export function scanNumberList(cursor: JsonCursor, numbers: NumberColumn): boolean {
  cursor.position++;
  if (takeByte(cursor, 0x5d)) return true;
  let fine = true;
  do {
    if (isNumberStart(peekByte(cursor))) numbers.push(readJsonNumber(cursor));
    else {
      skipJsonValue(cursor);
      fine = false;
    }
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x5d);
  return fine;
}
