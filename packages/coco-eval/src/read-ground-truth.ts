import { LadError } from "@lad/core";
import { annotationPart } from "./annotation-part";
import type { CocoGroundTruth, CocoImages, CocoIouType, ReadOptions } from "./coco-types";
import { feedRecords } from "./feed-records";
import { expectByte, type JsonCursor, jsonCursor, jsonError, peekByte, takeByte } from "./json-cursor";
import { numberColumn } from "./number-column";
import { readJsonString } from "./read-json-string";
import { MISSING, missingKey, type RecordSink, recordSink } from "./record-sink";
import { scanRecords } from "./scan-records";
import { skipJsonValue } from "./skip-json-value";

/** A part of the file while it is read, from text or from objects. */
type Part<Result> = { readonly sink: RecordSink; finish(): Result };
type Categories = CocoGroundTruth["categories"];

/**
 * Reads a COCO annotation file (`instances_*.json`, `person_keypoints_*.json`): `{ images, categories, annotations }`, as JSON
 * text (string or UTF-8 bytes) or as the parsed object. From text the images and annotations are read without building objects.
 *
 * Keys of annotations that only some evaluations need may be missing here; `evaluateCoco` says so when it needs them. Without
 * `annotations` there are none, as in pycocotools.
 * @throws {LadError} INVALID_FILE if the text is not JSON, INVALID_DATA if images, categories or ids are missing or of
 * another type.
 */
export function readGroundTruth(
  json: string | Uint8Array | object,
  { iouType = "bbox" }: ReadOptions = {},
): CocoGroundTruth {
  const isText = typeof json === "string" || json instanceof Uint8Array;
  const { images, categories, annotations } = isText ? readText(jsonCursor(json), iouType) : readObject(json, iouType);
  if (images === undefined) throw missingList("images");
  if (categories === undefined) throw missingList("categories");
  return { images, categories, annotations: annotations ?? annotationPart(iouType, images).finish() };
}

function readText(cursor: JsonCursor, iouType: CocoIouType): Partial<CocoGroundTruth> {
  if (peekByte(cursor) !== 0x7b) throw notAnObject(cursor.bytes[cursor.position] === 0x5b ? "a list" : "another value");
  cursor.position++;
  const read: { -readonly [Key in keyof CocoGroundTruth]?: CocoGroundTruth[Key] } = {};
  let annotationsAt = -1; // their masks may need the images' sizes, which may come later
  if (!takeByte(cursor, 0x7d)) {
    do {
      peekByte(cursor);
      const key = readJsonString(cursor);
      expectByte(cursor, 0x3a);
      if (key === "images") read.images = scanPart(cursor, key, imagePart());
      else if (key === "categories") read.categories = readCategories(parseValue(cursor));
      else if (key === "annotations" && read.images !== undefined)
        read.annotations = scanPart(cursor, key, annotationPart(iouType, read.images));
      else {
        if (key === "annotations") annotationsAt = cursor.position;
        skipJsonValue(cursor);
      }
    } while (takeByte(cursor, 0x2c));
    expectByte(cursor, 0x7d);
  }
  if (peekByte(cursor) !== -1) throw jsonError(cursor, "wanted the end after the object");
  if (annotationsAt >= 0 && read.images !== undefined && read.annotations === undefined) {
    cursor.position = annotationsAt;
    read.annotations = scanPart(cursor, "annotations", annotationPart(iouType, read.images));
  }
  return read;
}

function scanPart<Result>(cursor: JsonCursor, key: string, part: Part<Result>): Result {
  if (peekByte(cursor) !== 0x5b) throw missingList(key);
  scanRecords(cursor, part.sink);
  return part.finish();
}

/** The value at the cursor as `JSON.parse` makes it: for the small parts. */
function parseValue(cursor: JsonCursor): unknown {
  peekByte(cursor);
  const start = cursor.position;
  skipJsonValue(cursor);
  return JSON.parse(new TextDecoder().decode(cursor.bytes.subarray(start, cursor.position)));
}

function readObject(json: object, iouType: CocoIouType): Partial<CocoGroundTruth> {
  if (Array.isArray(json)) throw notAnObject("a list");
  const { images: given, categories, annotations } = json as Readonly<Record<string, unknown>>;
  if (given === undefined) return {};
  const images = feedPart(given, "images", imagePart());
  return {
    images,
    ...(categories !== undefined && { categories: readCategories(categories) }),
    ...(annotations !== undefined && {
      annotations: feedPart(annotations, "annotations", annotationPart(iouType, images)),
    }),
  };
}

function feedPart<Result>(records: unknown, key: string, part: Part<Result>): Result {
  if (!Array.isArray(records)) throw missingList(key);
  feedRecords(records, part.sink);
  return part.finish();
}

function imagePart(): Part<CocoImages> {
  const ids = numberColumn();
  const sizes = numberColumn();
  const fields = { id: 1, height: 1, width: 1 };
  const sink = recordSink("readGroundTruth: images", fields, (values, states, index) => {
    if (states[0] === MISSING) throw missingKey(`readGroundTruth: images[${index}]`, "id", "every image must have one");
    ids.push(values[0]!);
    for (let side = 1; side <= 2; side++) sizes.push(states[side] === MISSING ? Number.NaN : values[side]!);
  });
  return { sink, finish: () => ({ ids: ids.finish(), sizes: sizes.finish() }) };
}

function readCategories(records: unknown): Categories {
  const ids = numberColumn();
  const sink = recordSink("readGroundTruth: categories", { id: 1 }, (values, states, index) => {
    if (states[0] === MISSING)
      throw missingKey(`readGroundTruth: categories[${index}]`, "id", "every category must have one");
    ids.push(values[0]!);
  });
  const finished = feedPart(records, "categories", { sink, finish: () => ids.finish() });
  const names = (records as readonly { name?: unknown }[]).map(({ name }, i) =>
    typeof name === "string" ? name : `${finished[i]}`,
  );
  return { ids: finished, names };
}

function missingList(key: string): LadError {
  return new LadError("INVALID_DATA", `readGroundTruth: wanted a list "${key}" in the COCO annotation file, got none`);
}

function notAnObject(got: string): LadError {
  return new LadError("INVALID_DATA", `readGroundTruth: wanted { images, categories, annotations }, got ${got}`);
}
