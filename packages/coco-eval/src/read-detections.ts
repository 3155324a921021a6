import { LadError } from "@lad/core";
import type { CocoDetections, ReadDetectionsOptions } from "./coco-types";
import { type DetectionPart, detectionPart } from "./detection-part";
import { feedRecords } from "./feed-records";
import { type JsonCursor, jsonCursor, jsonError, peekBeyond } from "./json-cursor";
import { scanRecords } from "./scan-records";

/**
 * Reads COCO results: a list of `{ image_id, category_id, score }` with `bbox: [x, y, w, h]`, `segmentation` or `keypoints`, as
 * JSON text (string or UTF-8 bytes) or as the parsed list. From text no objects are built, so files of hundreds of MB fit;
 * numbers are those of `JSON.parse`, bit for bit. Keys may come in any order and others are passed over (an `id` too:
 * detections are numbered by position).
 *
 * As in pycocotools the first detection decides where boxes and areas come from: from `bbox` if it has one, else from its
 * mask (compressed counts), else from its keypoints; all others must have the same key.
 * @throws {LadError} INVALID_FILE if the text is not JSON, INVALID_DATA if it is not a list of such objects,
 * NON_FINITE for NaN or infinite numbers.
 */
export function readDetections(
  json: string | Uint8Array | object,
  { iouType = "bbox", images }: ReadDetectionsOptions = {},
): CocoDetections & { readonly boxes: Float64Array } {
  const part = detectionPart(iouType, images);
  if (typeof json === "string" || json instanceof Uint8Array) return scanDetections(jsonCursor(json), part);
  if (!Array.isArray(json)) throw notAList("an object");
  feedRecords(json, part.sink);
  return part.finish();
}

/** Reads the whole text at the cursor into `part`. */
export function scanDetections(cursor: JsonCursor, part: DetectionPart): ReturnType<DetectionPart["finish"]> {
  const first = peekBeyond(cursor);
  if (first !== 0x5b) throw notAList(first === -1 ? "nothing" : "another value");
  scanRecords(cursor, part.sink);
  if (peekBeyond(cursor) !== -1) throw jsonError(cursor, "wanted the end after the list");
  return part.finish();
}

function notAList(got: string): LadError {
  const wanted = "wanted a list of { image_id, category_id, bbox, score }";
  return new LadError(
    "INVALID_DATA",
    `readDetections: ${wanted}, got ${got}; the results alone, not the whole data set`,
  );
}
