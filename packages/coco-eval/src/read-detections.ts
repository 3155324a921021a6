import { LadError } from "@lad/core";
import type { CocoDetections } from "./coco-types";
import { jsonCursor, jsonError, peekByte } from "./json-cursor";
import { type NumberColumn, numberColumn } from "./number-column";
import { feedRecords, MISSING, missingKey, type RecordSink, recordSink } from "./record-sink";
import { scanRecords } from "./scan-records";

const keys = { image_id: 1, category_id: 1, bbox: 4, score: 1 };

/**
 * Reads COCO results: a list of `{ image_id, category_id, bbox: [x, y, w, h], score }`, as JSON text (string or UTF-8 bytes)
 * or as the parsed list. From text no objects are built, so files of hundreds of MB fit; numbers are those of `JSON.parse`,
 * bit for bit. Keys may come in any order and others are passed over (an `id` too: detections are numbered by position).
 * @throws {LadError} INVALID_FILE if the text is not JSON, INVALID_DATA if it is not a list of such objects,
 * NON_FINITE for NaN or infinite numbers.
 */
export function readDetections(json: string | Uint8Array | object): CocoDetections {
  const columns = {
    imageIds: numberColumn(),
    categoryIds: numberColumn(),
    boxes: numberColumn(),
    scores: numberColumn(),
  };
  const sink = detectionSink(columns);
  if (typeof json === "string" || json instanceof Uint8Array) {
    const cursor = jsonCursor(json);
    if (peekByte(cursor) !== 0x5b)
      throw notAList(cursor.bytes[cursor.position] === undefined ? "nothing" : "another value");
    scanRecords(cursor, sink);
    if (peekByte(cursor) !== -1) throw jsonError(cursor, "wanted the end after the list");
  } else if (Array.isArray(json)) feedRecords(json, sink);
  else throw notAList("an object");
  return {
    imageIds: columns.imageIds.finish(),
    categoryIds: columns.categoryIds.finish(),
    boxes: columns.boxes.finish(),
    scores: columns.scores.finish(),
  };
}

function detectionSink(columns: Readonly<Record<keyof CocoDetections, NumberColumn>>): RecordSink {
  const { imageIds, categoryIds, boxes, scores } = columns;
  const names = Object.keys(keys);
  return recordSink("readDetections: detections", keys, (values, states, index) => {
    for (let field = 0; field < names.length; field++) {
      if (states[field] !== MISSING) continue;
      throw missingKey(
        `readDetections: detections[${index}]`,
        names[field]!,
        `every detection must have ${names.join(", ")} (pycocotools fails with a KeyError)`,
      );
    }
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) {
        throw new LadError("NON_FINITE", `readDetections: detections[${index}] holds a number that is not finite`);
      }
    }
    imageIds.push(values[0]!);
    categoryIds.push(values[1]!);
    boxes.push(values[2]!);
    boxes.push(values[3]!);
    boxes.push(values[4]!);
    boxes.push(values[5]!);
    scores.push(values[6]!);
  });
}

function notAList(got: string): LadError {
  const wanted = "wanted a list of { image_id, category_id, bbox, score }";
  return new LadError(
    "INVALID_DATA",
    `readDetections: ${wanted}, got ${got}; the results alone, not the whole data set`,
  );
}
