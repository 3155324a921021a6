import { stat } from "node:fs/promises";
import { LadError, ndArray } from "@lad/core";
import type { VocImage } from "@lad/voc-eval";
import { readVocDirectory } from "@lad/voc-eval/node";
import { z } from "zod";
import { readJson } from "./read-json";

/** Ground truth for VOC's evaluation, and what detections call its images and classes. */
export type VocTruth = {
  readonly images: readonly VocImage[];
  readonly classes: readonly string[];
  /** Names of each image: the id, and of a COCO file the file name without extension. */
  readonly names: readonly (readonly string[])[];
  /** category_id of each class. */
  readonly categoryIds: readonly number[];
};

export type VocTruthOptions = {
  readonly origin: 0 | 1;
  /** Of a VOC directory. */
  readonly split?: string;
  readonly classes?: readonly string[];
};

const flag = z.union([z.number(), z.boolean()]).optional();
const cocoFile = z.object({
  images: z.array(z.object({ id: z.union([z.number(), z.string()]), file_name: z.string().optional() })),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
  annotations: z
    .array(
      z.object({
        image_id: z.union([z.number(), z.string()]),
        category_id: z.number(),
        bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
        difficult: flag,
        ignore: flag,
        iscrowd: flag,
      }),
    )
    .default([]),
});

/**
 * Reads a VOC directory, or a COCO annotation file whose difficult objects are marked `difficult`, `ignore` or `iscrowd`.
 * @throws {LadError} NOT_FOUND, INVALID_FILE, INVALID_DATA, NON_FINITE.
 */
export async function vocTruth(place: string, options: VocTruthOptions): Promise<VocTruth> {
  const found = await stat(place).catch((cause: Error) => {
    throw new LadError("NOT_FOUND", `--gt ${place} cannot be read: ${cause.message}`, { cause });
  });
  if (!found.isDirectory()) return truthOfCoco(await readJson("--gt", place, cocoFile), options);
  const { ids, images, classes } = await readVocDirectory(place, options);
  return { images, classes, names: ids.map((id) => [id]), categoryIds: classes.map((_, label) => label + 1) };
}

function truthOfCoco(
  { images, categories, annotations }: z.output<typeof cocoFile>,
  options: VocTruthOptions,
): VocTruth {
  const wanted = options.classes ?? [...categories].sort((a, b) => a.id - b.id).map(({ name }) => name);
  const categoryIds = wanted.map((name) => {
    const category = categories.find((each) => each.name === name);
    if (category) return category.id;
    throw new LadError("INVALID_ARGUMENT", `--classes: the ground truth has no category "${name}"`);
  });
  const rows = new Map(images.map(({ id }) => [String(id), [] as typeof annotations]));
  for (const [index, annotation] of annotations.entries()) {
    const list = rows.get(String(annotation.image_id));
    if (!list)
      throw new LadError(
        "INVALID_DATA",
        `--gt: annotations.${index} is on image ${annotation.image_id}, which is not listed`,
      );
    if (categoryIds.includes(annotation.category_id)) list.push(annotation);
  }
  return {
    images: [...rows.values()].map((list) => ({
      boxes: ndArray(Float32Array.from(list.flatMap(({ bbox: [x, y, w, h] }) => [x, y, x + w, y + h])), [
        list.length,
        4,
      ]),
      labels: Int32Array.from(list, ({ category_id }) => categoryIds.indexOf(category_id)),
      difficult: Uint8Array.from(list, ({ difficult, ignore, iscrowd }) =>
        Number(Boolean(difficult || ignore || iscrowd)),
      ),
    })),
    classes: wanted,
    names: images.map(({ id, file_name: file }) => [
      String(id),
      ...(file ? [file.replace(/^.*\//, "").replace(/\.\w+$/, "")] : []),
    ]),
    categoryIds,
  };
}
