import { LadError } from "@lad/core";

export type CocoImage = {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
};
export type CocoCategory = { readonly id: number; readonly name: string };
export type CocoAnnotation = {
  readonly id?: unknown;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area?: number;
  readonly iscrowd?: number | boolean;
  readonly ignore?: number | boolean;
};
export type CocoFile = {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations?: readonly CocoAnnotation[];
};

/**
 * Checks that a parsed file has what is read of COCO's layout.
 * @throws {LadError} INVALID_DATA, NON_FINITE: the message names the file, the entry and the field.
 */
export function checkCocoFile(file: string, value: unknown): CocoFile {
  const fail = (problem: string): never => {
    throw new LadError("INVALID_DATA", `readCoco: ${file}: ${problem}`);
  };
  if (!isRecord(value) || !Array.isArray(value.images) || !Array.isArray(value.categories)) {
    return fail(
      'not a COCO annotation file: an object with the lists "images", "annotations" and "categories" was wanted',
    );
  }
  const coco = value as CocoFile;
  if (coco.annotations !== undefined && !Array.isArray(coco.annotations)) fail('"annotations" is not a list');
  if (coco.images.length === 0) fail("holds no pictures");
  checkUnique(fail, "category", coco.categories, (category) => category.id);
  checkUnique(fail, "category name", coco.categories, (category) => category.name);
  checkUnique(fail, "picture", coco.images, (image) => image.id);
  for (const image of coco.images) checkCocoImage(fail, image);
  for (const annotation of coco.annotations ?? []) checkCocoAnnotation(file, fail, annotation);
  return coco;
}

type Fail = (problem: string) => never;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function checkUnique<Entry>(fail: Fail, what: string, entries: readonly Entry[], key: (entry: Entry) => unknown): void {
  const seen = new Set<unknown>();
  for (const entry of entries) {
    const id = isRecord(entry) ? key(entry) : undefined;
    const named = what.endsWith("name") ? typeof id === "string" : Number.isInteger(id);
    if (!named)
      fail(
        `a ${what} must be ${what.endsWith("name") ? "a text" : "a whole number (id)"}, got ${JSON.stringify(entry)}`,
      );
    if (seen.has(id)) fail(`${what} ${JSON.stringify(id)} is there twice`);
    seen.add(id);
  }
}

function checkCocoImage(fail: Fail, { id, file_name: name, width, height }: CocoImage): void {
  if (typeof name !== "string" || name === "") fail(`picture ${id} has no file_name`);
  const isSide = (side: unknown) => Number.isInteger(side) && (side as number) > 0;
  if (!isSide(width) || !isSide(height))
    fail(`picture ${id} (${name}) must have a width and a height >= 1, got ${width}x${height}`);
}

function checkCocoAnnotation(file: string, fail: Fail, annotation: CocoAnnotation): void {
  if (!isRecord(annotation)) fail(`an annotation is ${JSON.stringify(annotation)}, an object was wanted`);
  const { id, bbox, area } = annotation;
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every((number) => typeof number === "number")) {
    fail(`annotation ${id}: "bbox" must be four numbers [x, y, width, height], got ${JSON.stringify(bbox)}`);
  }
  if (area !== undefined && area !== null && typeof area !== "number")
    fail(`annotation ${id}: "area" is ${JSON.stringify(area)}`);
  if (![...bbox, area ?? 0].every(Number.isFinite)) {
    throw new LadError(
      "NON_FINITE",
      `readCoco: ${file}: annotation ${id} has numbers that are not finite: bbox [${bbox}], area ${area}`,
    );
  }
}
