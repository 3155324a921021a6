import path from "node:path";
import { LadError } from "@lad/core";
import { type Annotation, keepAnnotations } from "./annotation";
import type { CocoFile, CocoImage } from "./coco-file";
import { checkCocoFile } from "./coco-file";
import type { Dataset, DatasetImage } from "./dataset";
import { existingImages } from "./image-directory";
import { parseJson } from "./parse-json";
import { readBytes } from "./read-bytes";
import { type WarningTally, warningTally } from "./warning-tally";

export type ReadCocoOptions = {
  /** Directory the file names of the pictures are relative to. */
  readonly images: string;
  /** Names of the classes in the order of their labels; annotations of other categories are left aside. Default: all, by category id. */
  readonly classes?: readonly string[];
  /** Pictures that are not there: an error, or left out with a warning. Default "error". */
  readonly missingImages?: "error" | "drop";
};

/**
 * Reads object annotations in COCO's JSON format. Boxes become xyxy = [x, y, x + w, y + h]; annotations marked `ignore`, below 1 px, without area or wholly
 * outside the picture are left out, crowds become `ignoreBoxes` (mmdet's rules), each kind counted in one warning.
 * A missing `area` is w · h, a missing `iscrowd` 0, missing `annotations` (COCO's test sets) none.
 * @throws {LadError} NOT_FOUND, IO: file or pictures. INVALID_FILE: not JSON. NON_FINITE: NaN or infinity.
 * INVALID_DATA: not COCO's layout, no pictures, ids used twice, an annotation of an unknown picture or category, an unknown class.
 */
export async function readCoco(
  file: string,
  { images, classes, missingImages = "error" }: ReadCocoOptions,
): Promise<Dataset> {
  const name = path.basename(file);
  const text = new TextDecoder().decode(await readBytes("readCoco", file));
  const coco = checkCocoFile(file, parseJson("readCoco", file, text));
  const categories = chosenCategories(file, coco, classes);
  const tally = warningTally();
  const grouped = groupAnnotations(file, coco, categories, tally);
  const fileNames = coco.images.map((image) => image.file_name);
  const present = await existingImages("readCoco", images, fileNames, missingImages);
  const kept = coco.images.filter((image) => present.has(image.file_name));
  const dropped = coco.images.length - kept.length;
  return {
    name: path.basename(file, ".json"),
    classes: categories.map((category) => category.name),
    categoryIds: categories.map((category) => category.id),
    images: kept.map((image) => datasetImage(image, grouped.get(image.id) ?? [], images, tally)),
    warnings: [
      ...(dropped > 0 ? [`${name}: ${dropped} pictures left out: not in ${images}`] : []),
      ...(coco.annotations ? [] : [`${name}: has no annotations`]),
      ...tally.warnings(name),
    ],
  };
}

function chosenCategories(
  file: string,
  coco: CocoFile,
  classes: readonly string[] | undefined,
): CocoFile["categories"] {
  const { categories } = coco;
  if (!classes) return [...categories].sort((a, b) => a.id - b.id);
  return classes.map((name) => {
    const category = categories.find((candidate) => candidate.name === name);
    if (category) return category;
    const known = categories.map((candidate) => candidate.name).join(", ");
    throw new LadError("INVALID_DATA", `readCoco: class "${name}" is not among the categories of ${file}: ${known}`);
  });
}

function groupAnnotations(
  file: string,
  coco: CocoFile,
  categories: CocoFile["categories"],
  tally: WarningTally,
): ReadonlyMap<number, Annotation[]> {
  const labels = new Map(categories.map((category, label) => [category.id, label]));
  const known = new Set(coco.categories.map((category) => category.id));
  const names = new Map(coco.images.map((image) => [image.id, image.file_name]));
  const ids = new Set<unknown>();
  const grouped = new Map<number, Annotation[]>();
  for (const annotation of coco.annotations ?? []) {
    const image = names.get(annotation.image_id);
    const unknown = image === undefined ? `picture ${annotation.image_id}` : `category ${annotation.category_id}`;
    if (image === undefined || !known.has(annotation.category_id)) {
      throw new LadError("INVALID_DATA", `readCoco: annotation ${annotation.id} of ${file} is of unknown ${unknown}`);
    }
    if (annotation.id !== undefined && ids.size === ids.add(annotation.id).size) {
      tally.count("bearing the id of another (kept)", image);
    }
    const label = labels.get(annotation.category_id);
    if (label === undefined) continue;
    const [x, y, width, height] = annotation.bbox;
    const entry: Annotation = {
      box: [x, y, x + width, y + height],
      label,
      area: annotation.area ?? width * height,
      kind: annotation.ignore ? "ignore" : annotation.iscrowd ? "crowd" : "object",
      difficult: false,
    };
    const group = grouped.get(annotation.image_id);
    if (group) group.push(entry);
    else grouped.set(annotation.image_id, [entry]);
  }
  return grouped;
}

function datasetImage(
  image: CocoImage,
  annotations: Annotation[],
  directory: string,
  tally: WarningTally,
): DatasetImage {
  const { id, file_name: name, width, height } = image;
  const { boxes, labels, ignoreBoxes } = keepAnnotations(annotations, { name, width, height }, tally);
  return { id: String(id), file: path.join(directory, name), width, height, boxes, labels, ignoreBoxes, cocoId: id };
}
