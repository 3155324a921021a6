import { expectByte, type JsonCursor, peekByte, takeByte } from "./json-cursor";
import { scanCounts } from "./scan-counts";
import { scanNumberList } from "./scan-number-list";
import { scanNumbers } from "./scan-numbers";
import { readKey, recordKeys } from "./scan-records";
import type { Segmentation } from "./segmentation-field";
import { skipJsonValue } from "./skip-json-value";

const keys = recordKeys(["size", "counts"]);

/** Reads the `segmentation` at the cursor into an empty `value`: an RLE object, or a list of polygons. */
export function scanSegmentation(cursor: JsonCursor, value: Segmentation): void {
  value.kind = "unusable";
  const byte = peekByte(cursor);
  if (byte === 0x7b) scanRle(cursor, value);
  else if (byte === 0x5b) scanPolygons(cursor, value);
  else skipJsonValue(cursor);
}

function scanRle(cursor: JsonCursor, value: Segmentation): void {
  cursor.position++;
  if (takeByte(cursor, 0x7d)) return;
  let place = 0;
  do {
    const key = readKey(cursor, keys, place++);
    expectByte(cursor, 0x3a);
    const byte = peekByte(cursor);
    if (key === 0 && byte === 0x5b) value.hasSize = scanNumbers(cursor, value.size, 0, 2) === 2;
    else if (key === 1 && byte === 0x5b) value.kind = scanNumberList(cursor, value.numbers) ? "counts" : "unusable";
    else if (key === 1 && byte === 0x22) {
      scanCounts(cursor, value.compressed);
      value.kind = "compressed";
    } else skipJsonValue(cursor);
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x7d);
}

function scanPolygons(cursor: JsonCursor, value: Segmentation): void {
  cursor.position++;
  if (takeByte(cursor, 0x5d)) return;
  let fine = true;
  do {
    if (peekByte(cursor) === 0x5b) fine = scanNumberList(cursor, value.numbers) && fine;
    else {
      skipJsonValue(cursor);
      fine = false;
    }
    value.ends.push(value.numbers.count());
  } while (takeByte(cursor, 0x2c));
  expectByte(cursor, 0x5d);
  if (fine) value.kind = "polygons";
}
