import path from "node:path";
import { LadError } from "@lad/core";
import type { VocFile } from "@lad/voc-eval";
import { readVocAnnotations } from "@lad/voc-eval/node";
import sharp from "sharp";
import { type Annotation, keepAnnotations } from "./annotation";
import type { Dataset, DatasetImage } from "./dataset";
import { listFolder } from "./image-directory";
import { firstLine, readBytes } from "./read-bytes";
import { type WarningTally, warningTally } from "./warning-tally";

export type ReadVocOptions = {
  /** Name of a list in ImageSets/Main: "train", "val", "trainval", "test". */
  readonly split: string;
  /** Coordinate of the first pixel: 1 as VOC 2007/2012 write it (1 is taken off all four, as mmdet does), 0 for tools that count from 0. */
  readonly origin: 0 | 1;
  /** In the order of their labels; objects of other classes are left out with a warning. Default: all names in Annotations/, sorted. */
  readonly classes?: readonly string[];
  /** false (default): difficult objects become `ignoreBoxes`; true: they stay among the boxes, marked in `difficult` (for VOC evaluation). */
  readonly keepDifficult?: boolean;
};

type Picture = { readonly id: string; readonly file: string; readonly voc: VocFile };

/**
 * Reads a VOC directory: ImageSets/Main/<split>.txt, Annotations/<id>.xml, JPEGImages/<id>.<jpg, png…>.
 * Boxes below 1 px or wholly outside the picture are left out as in `readCoco`. `categoryIds` are 1, 2, ….
 * @throws {LadError} NOT_FOUND: a list, annotation or picture that is not there. INVALID_FILE, INVALID_DATA, NON_FINITE: the message names the file.
 */
export async function readVoc(directory: string, options: ReadVocOptions): Promise<Dataset> {
  const { split, origin, classes, keepDifficult = false } = options;
  if (origin !== 0 && origin !== 1)
    throw new LadError("INVALID_ARGUMENT", `readVoc: origin must be 0 or 1, got ${origin}`);
  const annotations = await readVocAnnotations(directory, { split, ...(classes && { classes }) });
  const { ids, classes: names } = annotations;
  const files = await pictureFiles(directory, ids);
  const tally = warningTally();
  const images: DatasetImage[] = [];
  for (const [index, id] of ids.entries()) {
    const picture = { id, file: files.get(id)!, voc: annotations.files[index]! };
    images.push(await datasetImage(picture, { names, origin, keepDifficult, tally }));
  }
  const name = `${path.basename(path.resolve(directory))} ${split}`;
  return {
    name,
    classes: names,
    categoryIds: names.map((_, label) => label + 1),
    images,
    warnings: tally.warnings(name),
  };
}

async function pictureFiles(directory: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(directory, "JPEGImages");
  const files = new Map(
    (await listFolder("readVoc", folder)).map((file) => [path.parse(file).name, path.join(folder, file)]),
  );
  const absent = ids.filter((id) => !files.has(id));
  if (absent.length > 0) {
    throw new LadError(
      "NOT_FOUND",
      `readVoc: ${absent.length} of ${ids.length} pictures are not in ${folder}: ${absent.slice(0, 5).join(", ")}`,
    );
  }
  return files;
}

type Rules = {
  readonly names: readonly string[];
  readonly origin: 0 | 1;
  readonly keepDifficult: boolean;
  readonly tally: WarningTally;
};

async function datasetImage(
  { id, file, voc }: Picture,
  { names, origin, keepDifficult, tally }: Rules,
): Promise<DatasetImage> {
  const { width, height } = voc.size ?? (await decodedSize(file));
  const annotations: Annotation[] = [];
  for (const { name, difficult, box } of voc.objects) {
    const label = names.indexOf(name);
    if (label < 0) {
      tally.count(`left out: class ${name} is not in the list`, `${id}.xml`);
      continue;
    }
    if (origin === 1 && Math.min(...box) < 1)
      tally.count("with a coordinate below 1: is this data counted from 0 (origin: 0)?", `${id}.xml`);
    const [x1, y1, x2, y2] = [box[0] - origin, box[1] - origin, box[2] - origin, box[3] - origin];
    const kind = difficult && !keepDifficult ? "crowd" : "object";
    annotations.push({ box: [x1, y1, x2, y2], label, area: (x2 - x1) * (y2 - y1), kind, difficult });
  }
  const { boxes, labels, ignoreBoxes, difficult } = keepAnnotations(
    annotations,
    { name: `${id}.xml`, width, height },
    tally,
  );
  const image = { id, file, width, height, boxes, labels, ignoreBoxes };
  return keepDifficult ? { ...image, difficult } : image;
}

async function decodedSize(file: string): Promise<{ width: number; height: number }> {
  try {
    return (await sharp(await readBytes("readVoc", file)).metadata()).autoOrient;
  } catch (cause) {
    throw new LadError(
      "INVALID_FILE",
      `readVoc: the size of ${file} can be read neither from its annotation nor from the picture: ${firstLine(cause)}`,
      { cause },
    );
  }
}
