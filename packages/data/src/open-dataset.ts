import { existsSync } from "node:fs";
import path from "node:path";
import { LadError } from "@lad/core";
import type { Dataset } from "./dataset";
import { openVoc, vocFolders, vocList } from "./open-voc";
import { readCoco } from "./read-coco";

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

/** Where an opened data set's objects are written. */
export type DatasetSource =
  | { readonly kind: "coco"; readonly file: string }
  | { readonly kind: "voc"; readonly directories: readonly string[]; readonly split: string; readonly origin: 0 | 1 };

/** A data set and a sentence on what the directory was taken for. */
export type OpenedDataset = Dataset & { readonly description: string; readonly source: DatasetSource };

type Layout = { readonly kind: string; readonly annotations: string; readonly images: string };

/**
 * Opens a directory by what lies in it, in this order: COCO (annotations/instances_<split>2017.json + <split>2017/),
 * flat (instances_<split>.json + images/ or JPEGImages/), VOC (ImageSets/Main/<split>.txt + Annotations/ + JPEGImages/), several VOC years (VOC2007/, VOC2012/, …).
 * Several directories are VOC ones, joined: those that do not have the split are passed over, and an id that two have gets its directory's name.
 * @throws {LadError} NOT_FOUND: none of them, with a list of what was looked for; else as `readCoco` and `readVoc`.
 */
export async function openDataset(
  place: string | readonly string[],
  split: string,
  options: OpenDatasetOptions = {},
): Promise<OpenedDataset> {
  if (!/^[\w.-]+$/.test(split)) {
    throw new LadError("INVALID_ARGUMENT", `openDataset: split must be a plain name such as "train", got "${split}"`);
  }
  const [directory, ...more] = typeof place === "string" ? [place] : place;
  if (directory === undefined) throw new LadError("INVALID_ARGUMENT", "openDataset: wanted a directory, got none");
  if (more.length > 0) return openedVoc([directory, ...more], split, options);
  const layouts = knownLayouts(directory, split);
  const found = layouts.find(({ annotations, images }) => existsSync(annotations) && existsSync(images));
  if (found) return found.kind === "VOC" ? openedVoc([directory], split, options) : openedCoco(found, options);
  const years = vocFolders(directory);
  if (years.length > 0) return openedVoc(years, split, options);
  const looked = layouts.map(({ kind, annotations, images }) => `  ${kind}: ${annotations} and ${images}${path.sep}`);
  throw new LadError(
    "NOT_FOUND",
    `openDataset: ${directory} holds no data set with a split "${split}"; looked for\n${looked.join("\n")}\n  VOC years: ${path.join(directory, "VOC2007")}${path.sep} and the like`,
  );
}

async function openedCoco(
  { kind, annotations, images }: Layout,
  { classes, missingImages }: OpenDatasetOptions,
): Promise<OpenedDataset> {
  const dataset = await readCoco(annotations, {
    images,
    ...(classes && { classes }),
    ...(missingImages && { missingImages }),
  });
  const where = `${annotations}, pictures in ${images}${path.sep}`;
  return {
    ...dataset,
    description: describe(`${kind} data set (${where})`, dataset),
    source: { kind: "coco", file: annotations },
  };
}

async function openedVoc(
  places: readonly string[],
  split: string,
  { classes, origin = 1, keepDifficult = false }: OpenDatasetOptions,
): Promise<OpenedDataset> {
  const { dataset, directories } = await openVoc(places, { split, origin, keepDifficult, ...(classes && { classes }) });
  const lists = directories.map(
    (directory) => `${vocList(directory, split)}, pictures in ${path.join(directory, "JPEGImages")}${path.sep}`,
  );
  const what = `VOC data set (${lists.join("; ")}, coordinates counted from ${origin})`;
  return { ...dataset, description: describe(what, dataset), source: { kind: "voc", directories, split, origin } };
}

function knownLayouts(directory: string, split: string): Layout[] {
  const at = (...parts: string[]) => path.join(directory, ...parts);
  const flat = at(`instances_${split}.json`);
  return [
    { kind: "COCO", annotations: at("annotations", `instances_${split}2017.json`), images: at(`${split}2017`) },
    { kind: "flat COCO", annotations: flat, images: at("images") },
    { kind: "flat COCO", annotations: flat, images: at("JPEGImages") },
    { kind: "VOC", annotations: vocList(directory, split), images: at("JPEGImages") },
  ];
}

function describe(what: string, { images, classes }: Dataset): string {
  const objects = images.reduce((sum, image) => sum + image.labels.length, 0);
  return `${what}: ${images.length} images, ${objects} objects of ${classes.length} classes (${classes.join(", ")})`;
}
