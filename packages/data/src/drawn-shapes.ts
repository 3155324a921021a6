import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LadError, random } from "@lad/core";
import sharp from "sharp";
import { drawScene } from "./draw-scene";
import { SHAPES } from "./shape-pixels";

export type DrawnShapesOptions = {
  /** Made by the call; may exist if it is empty or holds the same data set. */
  readonly directory: string;
  readonly seed: number;
  /** How many pictures of each split. */
  readonly images: { readonly train: number; readonly val: number };
  /** Sides of the pictures, px, at least 112. Default 160. */
  readonly side?: number;
};

export type DrawnShapes = {
  readonly directory: string;
  readonly classes: readonly string[];
  /** The directory already held it. */
  readonly reused: boolean;
};

type Info = {
  readonly description: string;
  readonly seed: number;
  readonly side: number;
  readonly train: number;
  readonly val: number;
};

const SPLITS = ["train", "val"] as const;

/**
 * Writes a small seeded data set in the flat COCO layout (`images/`, `instances_train.json`, `instances_val.json`): 2 to 6 textured circles, squares and
 * triangles of 16 to 96 px a picture, some partly over others, boxes tight around what is visible. Same options, same bytes.
 * The directory appears complete or not at all: it is written beside and renamed.
 * @throws {LadError} INVALID_ARGUMENT: counts, seed or side out of range. IO: the directory holds something else, or cannot be written.
 */
export async function drawnShapes({ directory, seed, images, side = 160 }: DrawnShapesOptions): Promise<DrawnShapes> {
  const isCount = (value: number, least: number) => Number.isInteger(value) && value >= least;
  if (!isCount(images.train, 1) || !isCount(images.val, 1) || !isCount(seed, 0) || !isCount(side, 112)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `drawnShapes: wanted whole numbers images.train >= 1, images.val >= 1, seed >= 0, side >= 112, got ${images.train}, ${images.val}, ${seed}, ${side}`,
    );
  }
  const info: Info = { description: "Shapes drawn by @lad/data", seed, side, ...images };
  const result = { directory, classes: SHAPES };
  const parent = path.dirname(path.resolve(directory));
  if (!(await isFree(directory))) {
    if (await holds(directory, info)) return { ...result, reused: true };
    throw new LadError("IO", `drawnShapes: ${directory} holds something else; choose another directory or remove it`);
  }
  let part: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    part = await mkdtemp(path.join(parent, `.${path.basename(directory)}-`));
    await writeAll(part, info);
    await rmdir(directory).catch(() => undefined); // an empty one would be in the way of the rename on Windows
    await rename(part, directory);
    return { ...result, reused: false };
  } catch (cause) {
    if (part) await rm(part, { recursive: true, force: true });
    if (await holds(directory, info)) return { ...result, reused: true }; // another process was faster
    throw new LadError("IO", `drawnShapes: cannot write ${directory}: ${String(cause)}`, { cause });
  }
}

async function isFree(directory: string): Promise<boolean> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : [""],
  );
  return entries.length === 0;
}

async function holds(directory: string, info: Info): Promise<boolean> {
  try {
    const texts = SPLITS.map((split) => readFile(path.join(directory, `instances_${split}.json`), "utf8"));
    return (await Promise.all(texts)).every((text) => isDeepStrictEqual(JSON.parse(text).info, info));
  } catch {
    return false;
  }
}

async function writeAll(directory: string, info: Info): Promise<void> {
  await mkdir(path.join(directory, "images"));
  for (const [number, split] of SPLITS.entries()) {
    const firstId = split === "train" ? 1 : info.train + 1;
    const images: object[] = [];
    const annotations: object[] = [];
    for (let index = 0; index < info[split]; index++) {
      const id = firstId + index;
      const name = `${split}_${String(index + 1).padStart(5, "0")}.png`;
      const { image, objects } = drawScene(random(info.seed, number, index), info.side);
      const { data, width, height } = image;
      await sharp(data, { raw: { width, height, channels: 3 } })
        .png({ compressionLevel: 6 })
        .toFile(path.join(directory, "images", name));
      images.push({ id, file_name: name, width, height });
      for (const { label, box, area } of objects) {
        const [x1, y1, x2, y2] = box;
        const annotation = { image_id: id, category_id: label + 1, bbox: [x1, y1, x2 - x1, y2 - y1], area, iscrowd: 0 };
        annotations.push({ id: annotations.length + 1, ...annotation });
      }
    }
    const categories = SHAPES.map((name, label) => ({ id: label + 1, name }));
    const text = JSON.stringify({ info, images, annotations, categories });
    await writeFile(path.join(directory, `instances_${split}.json`), `${text}\n`);
  }
}
