import { LadError } from "@lad/core";
import type { CocoAnnotations, CocoGroundTruth } from "./coco-types";
import { expectByte, type JsonCursor, jsonCursor, jsonError, peekByte, takeByte } from "./json-cursor";
import { numberColumn } from "./number-column";
import { readJsonString } from "./read-json-string";
import { feedRecords, MISSING, missingKey, type RecordSink, recordSink } from "./record-sink";
import { scanRecords } from "./scan-records";
import { skipJsonValue } from "./skip-json-value";

/** A part of the file while it is read, from text or from objects. */
type Part<Result> = { readonly sink: RecordSink; finish(): Result };
type Categories = CocoGroundTruth["categories"];

/**
 * Reads a COCO annotation file (`instances_*.json`): `{ images, categories, annotations }`, as JSON text (string or UTF-8
 * bytes) or as the parsed object. From text the images and annotations are read without building objects.
 *
 * `bbox`, `area` and `iscrowd` may be missing here; `evaluateCoco` says so when it needs them. Without `annotations` there
 * are none, as in pycocotools.
 * @throws {LadError} INVALID_FILE if the text is not JSON, INVALID_DATA if images, categories or ids are missing or of
 * another type.
 */
export function readGroundTruth(json: string | Uint8Array | object): CocoGroundTruth {
  const isText = typeof json === "string" || json instanceof Uint8Array;
  const read = isText ? readText(jsonCursor(json)) : readObject(json);
  const { images, categories, annotations = annotationPart().finish() } = read;
  if (images === undefined) throw missingList("images");
  if (categories === undefined) throw missingList("categories");
  return { images, categories, annotations };
}

function readText(cursor: JsonCursor): Partial<CocoGroundTruth> {
  if (peekByte(cursor) !== 0x7b) throw notAnObject(cursor.bytes[cursor.position] === 0x5b ? "a list" : "another value");
  cursor.position++;
  const read: { -readonly [Key in keyof CocoGroundTruth]?: CocoGroundTruth[Key] } = {};
  if (!takeByte(cursor, 0x7d)) {
    do {
      peekByte(cursor);
      const key = readJsonString(cursor);
      expectByte(cursor, 0x3a);
      if (key === "images") read.images = scanPart(cursor, key, imagePart());
      else if (key === "annotations") read.annotations = scanPart(cursor, key, annotationPart());
      else if (key === "categories") read.categories = readCategories(parseValue(cursor));
      else skipJsonValue(cursor);
    } while (takeByte(cursor, 0x2c));
    expectByte(cursor, 0x7d);
  }
  if (peekByte(cursor) !== -1) throw jsonError(cursor, "wanted the end after the object");
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

function readObject(json: object): Partial<CocoGroundTruth> {
  if (Array.isArray(json)) throw notAnObject("a list");
  const { images, categories, annotations } = json as Readonly<Record<string, unknown>>;
  return {
    ...(images !== undefined && { images: feedPart(images, "images", imagePart()) }),
    ...(categories !== undefined && { categories: readCategories(categories) }),
    ...(annotations !== undefined && { annotations: feedPart(annotations, "annotations", annotationPart()) }),
  };
}

function feedPart<Result>(records: unknown, key: string, part: Part<Result>): Result {
  if (!Array.isArray(records)) throw missingList(key);
  feedRecords(records, part.sink);
  return part.finish();
}

function imagePart(): Part<CocoGroundTruth["images"]> {
  const ids = numberColumn();
  const sink = recordSink("readGroundTruth: images", { id: 1 }, (values, states, index) => {
    if (states[0] === MISSING) throw missingKey(`readGroundTruth: images[${index}]`, "id", "every image must have one");
    ids.push(values[0]!);
  });
  return { sink, finish: () => ({ ids: ids.finish() }) };
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

function annotationPart(): Part<CocoAnnotations> {
  const keys = { id: 1, image_id: 1, category_id: 1, area: 1, iscrowd: 1, bbox: 4 };
  const [ids, imageIds, categoryIds, areas] = [numberColumn(), numberColumn(), numberColumn(), numberColumn()];
  const [crowds, boxes] = [numberColumn(), numberColumn()];
  const sink = recordSink("readGroundTruth: annotations", keys, (values, states, index) => {
    for (let field = 0; field < 3; field++) {
      if (states[field] !== MISSING) continue;
      const hint = "every annotation must have id, image_id and category_id";
      throw missingKey(`readGroundTruth: annotations[${index}]`, Object.keys(keys)[field]!, hint);
    }
    ids.push(values[0]!);
    imageIds.push(values[1]!);
    categoryIds.push(values[2]!);
    areas.push(states[3] === MISSING ? Number.NaN : values[3]!);
    crowds.push(states[4] === MISSING ? 255 : Number(values[4] !== 0));
    for (let side = 0; side < 4; side++) boxes.push(states[5] === MISSING ? Number.NaN : values[5 + side]!);
  });
  const finish = () => ({
    ids: ids.finish(),
    imageIds: imageIds.finish(),
    categoryIds: categoryIds.finish(),
    boxes: boxes.finish(),
    areas: areas.finish(),
    isCrowd: Uint8Array.from(crowds.finish()),
  });
  return { sink, finish };
}

function missingList(key: string): LadError {
  return new LadError("INVALID_DATA", `readGroundTruth: wanted a list "${key}" in the COCO annotation file, got none`);
}

function notAnObject(got: string): LadError {
  return new LadError("INVALID_DATA", `readGroundTruth: wanted { images, categories, annotations }, got ${got}`);
}
