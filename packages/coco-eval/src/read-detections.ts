import { LadError } from "@lad/core";
import type { CocoDetections, CocoImages } from "./coco-types";
import { detectionPart } from "./detection-part";
import { feedRecords } from "./feed-records";
import { jsonCursor, jsonError, peekByte } from "./json-cursor";
import type { ReadOptions } from "./read-options";
import { scanRecords } from "./scan-records";

/** Options of `readDetections`. */
export type ReadDetectionsOptions = ReadOptions & {
  /** Images of the ground truth. Only needed to draw masks that are given as polygons. */
  readonly images?: CocoImages;
};

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
  if (typeof json === "string" || json instanceof Uint8Array) {
    const cursor = jsonCursor(json);
    if (peekByte(cursor) !== 0x5b)
      throw notAList(cursor.bytes[cursor.position] === undefined ? "nothing" : "another value");
    scanRecords(cursor, part.sink);
    if (peekByte(cursor) !== -1) throw jsonError(cursor, "wanted the end after the list");
  } else if (Array.isArray(json)) feedRecords(json, part.sink);
  else throw notAList("an object");
  return part.finish();
}

function notAList(got: string): LadError {
  const wanted = "wanted a list of { image_id, category_id, bbox, score }";
  return new LadError(
    "INVALID_DATA",
    `readDetections: ${wanted}, got ${got}; the results alone, not the whole data set`,
  );
}
