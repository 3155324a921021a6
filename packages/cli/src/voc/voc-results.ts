import { type Detections, LadError, ndArray } from "@lad/core";
import { z } from "zod";
import { readJson } from "./read-json";
import type { VocTruth } from "./voc-truth";

const results = z.array(
  z.object({
    image_id: z.union([z.number(), z.string()]),
    category_id: z.number(),
    bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    score: z.number(),
  }),
);

/**
 * Reads COCO results as lists of detections in the order of the ground truth's images. An image is called by one of its names; a number
 * also stands for a name of that many digits with zeros before it ("000012").
 * @throws {LadError} NOT_FOUND, INVALID_FILE, INVALID_DATA: of another form, or of an image or category that the ground truth lacks.
 */
export async function vocResults(file: string, truth: VocTruth): Promise<Detections[]> {
  const rows = await readJson("--dt", file, results);
  const imageOf = imageFinder(truth.names);
  const byImage = truth.images.map(() => [] as (typeof rows)[number][]);
  for (const [index, row] of rows.entries()) {
    const image = imageOf(row.image_id);
    const problem = image === undefined ? `image_id ${JSON.stringify(row.image_id)}` : undefined;
    const unknown =
      problem ?? (truth.categoryIds.includes(row.category_id) ? undefined : `category_id ${row.category_id}`);
    if (unknown !== undefined) {
      const known = `categories ${truth.classes.map((name, label) => `${truth.categoryIds[label]} ${name}`).join(", ")}`;
      throw new LadError(
        "INVALID_DATA",
        `--dt ${file}: ${index}: ${unknown} is not in the ground truth (${truth.images.length} images; ${known})`,
      );
    }
    byImage[image!]!.push(row);
  }
  return byImage.map((list) => ({
    boxes: ndArray(Float32Array.from(list.flatMap(({ bbox: [x, y, w, h] }) => [x, y, x + w, y + h])), [list.length, 4]),
    scores: Float32Array.from(list, ({ score }) => score),
    labels: Int32Array.from(list, ({ category_id }) => truth.categoryIds.indexOf(category_id)),
  }));
}

function imageFinder(names: VocTruth["names"]): (id: number | string) => number | undefined {
  const exact = new Map(names.flatMap((each, image) => each.map((name) => [name, image] as const)));
  const digits = new Map(
    names.flatMap((each, image) =>
      each.filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), image] as const),
    ),
  );
  return (id) => exact.get(String(id)) ?? (typeof id === "number" ? digits.get(id) : undefined);
}
