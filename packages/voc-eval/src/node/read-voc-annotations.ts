import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";
import type { VocFile } from "../voc-types";
import { parseVocXml } from "../xml/parse-voc-xml";

export type ReadVocAnnotationsOptions = {
  /** Name of a list in ImageSets/Main: "train", "val", "trainval", "test". Default: every file in Annotations, by name. */
  readonly split?: string;
  /** In the order of their labels. Default: all names in Annotations, of whatever split, sorted. */
  readonly classes?: readonly string[];
};

export type VocAnnotations = {
  /** Names of the pictures without extension. */
  readonly ids: readonly string[];
  /** One per id. */
  readonly files: readonly VocFile[];
  readonly classes: readonly string[];
};

/**
 * Reads the annotations of a VOC directory: ImageSets/Main/<split>.txt and Annotations/<id>.xml.
 * @throws {LadError} NOT_FOUND: a list or annotation that is not there. INVALID_FILE, INVALID_DATA, NON_FINITE, IO: the message names the file.
 */
export async function readVocAnnotations(
  directory: string,
  { split, classes }: ReadVocAnnotationsOptions = {},
): Promise<VocAnnotations> {
  const folder = path.join(directory, "Annotations");
  const parsed = new Map<string, VocFile>();
  const readAll = async (ids: readonly string[]) => {
    for (const id of ids) {
      const file = path.join(folder, `${id}.xml`);
      if (!parsed.has(id)) parsed.set(id, parseVocXml(file, await readText(file)));
    }
    return ids.map((id) => parsed.get(id)!);
  };
  const ids = split === undefined ? await idsIn(folder) : await idsOf(directory, split);
  const files = await readAll(ids);
  return { ids, files, classes: classes ?? namesIn(await readAll(await idsIn(folder))) };
}

function namesIn(files: readonly VocFile[]): string[] {
  return [...new Set(files.flatMap(({ objects }) => objects.map(({ name }) => name)))].sort();
}

async function idsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: Error) => {
    const problem = `${folder} is not a directory that can be read`;
    throw new LadError("NOT_FOUND", `readVocAnnotations: ${problem}`, { cause });
  });
  return names
    .filter((name) => name.endsWith(".xml"))
    .map((name) => path.parse(name).name)
    .sort();
}

async function idsOf(directory: string, split: string): Promise<string[]> {
  const list = path.join(directory, "ImageSets", "Main", `${split}.txt`);
  const ids = (await readText(list)).split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
  if (ids.length === 0) throw new LadError("INVALID_DATA", `readVocAnnotations: ${list} lists no pictures`);
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) {
    throw new LadError("INVALID_DATA", `readVocAnnotations: ${list} lists ${twice} twice`);
  }
  return ids;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const message = missing ? `${file} does not exist` : `cannot read ${file}: ${(cause as Error).message}`;
    throw new LadError(missing ? "NOT_FOUND" : "IO", `readVocAnnotations: ${message}`, { cause });
  }
}
