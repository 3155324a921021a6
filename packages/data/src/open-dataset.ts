import { existsSync } from "node:fs";
import path from "node:path";
import { LadError } from "@lad/core";
import type { Dataset } from "./dataset";
import { readCoco } from "./read-coco";
import { readVoc } from "./read-voc";

export type OpenDatasetOptions = {
  /** Names in the order of their labels; default: the file's (COCO, by category id), or all names sorted (VOC). */
  readonly classes?: readonly string[];
  /** VOC only: coordinate of the first pixel. Default 1, as VOC 2007/2012 write it. */
  readonly origin?: 0 | 1;
  /** VOC only, see `readVoc`. */
  readonly keepDifficult?: boolean;
  /** COCO only, see `readCoco`. */
  readonly missingImages?: "error" | "drop";
};

/** A data set and a sentence on what the directory was taken for. */
export type OpenedDataset = Dataset & { readonly description: string };

type Layout = { readonly kind: string; readonly annotations: string; readonly images: string };

/**
 * Opens a directory by what lies in it, in this order: COCO (annotations/instances_<split>2017.json + <split>2017/),
 * flat (instances_<split>.json + images/ or JPEGImages/), VOC (ImageSets/Main/<split>.txt + Annotations/ + JPEGImages/).
 * @throws {LadError} NOT_FOUND: none of them, with a list of what was looked for; else as `readCoco` and `readVoc`.
 */
export async function openDataset(
  directory: string,
  split: string,
  options: OpenDatasetOptions = {},
): Promise<OpenedDataset> {
  if (!/^[\w.-]+$/.test(split)) {
    throw new LadError("INVALID_ARGUMENT", `openDataset: split must be a plain name such as "train", got "${split}"`);
  }
  const layouts = knownLayouts(directory, split);
  const found = layouts.find(({ annotations, images }) => existsSync(annotations) && existsSync(images));
  if (!found) {
    const looked = layouts.map(({ kind, annotations, images }) => `  ${kind}: ${annotations} and ${images}${path.sep}`);
    throw new LadError(
      "NOT_FOUND",
      `openDataset: ${directory} holds no data set with a split "${split}"; looked for\n${looked.join("\n")}`,
    );
  }
  const { classes, origin = 1, keepDifficult, missingImages } = options;
  const chosen = classes ? { classes } : {};
  if (found.kind === "VOC") {
    const kept = keepDifficult === undefined ? {} : { keepDifficult };
    return described(
      await readVoc(directory, { split, origin, ...chosen, ...kept }),
      found,
      `, coordinates counted from ${origin}`,
    );
  }
  const missing = missingImages ? { missingImages } : {};
  return described(await readCoco(found.annotations, { images: found.images, ...chosen, ...missing }), found, "");
}

function knownLayouts(directory: string, split: string): Layout[] {
  const at = (...parts: string[]) => path.join(directory, ...parts);
  const flat = at(`instances_${split}.json`);
  return [
    { kind: "COCO", annotations: at("annotations", `instances_${split}2017.json`), images: at(`${split}2017`) },
    { kind: "flat COCO", annotations: flat, images: at("images") },
    { kind: "flat COCO", annotations: flat, images: at("JPEGImages") },
    { kind: "VOC", annotations: at("ImageSets", "Main", `${split}.txt`), images: at("JPEGImages") },
  ];
}

function described(dataset: Dataset, { kind, annotations, images }: Layout, note: string): OpenedDataset {
  const objects = dataset.images.reduce((sum, image) => sum + image.labels.length, 0);
  const description = `${kind} data set (${annotations}, pictures in ${images}${path.sep}${note}): ${dataset.images.length} images, ${objects} objects of ${dataset.classes.length} classes (${dataset.classes.join(", ")})`;
  return { ...dataset, description };
}
