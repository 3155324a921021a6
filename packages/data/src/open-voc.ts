import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { LadError } from "@lad/core";
import type { Dataset } from "./dataset";
import { joinDatasets } from "./join-datasets";
import { type ReadVocOptions, readVoc } from "./read-voc";

/** Split, origin and the rest as `readVoc` takes them. */
export type OpenVocOptions = ReadVocOptions;

/** The list of a split's pictures. */
export const vocList = (directory: string, split: string) => path.join(directory, "ImageSets", "Main", `${split}.txt`);

/** The VOC directories in a "VOCdevkit": its folders VOC2007, VOC2012, …, by year. */
export function vocFolders(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^VOC\d{4}$/.test(name))
    .sort()
    .map((name) => path.join(directory, name))
    .filter(isVoc);
}

const isVoc = (directory: string) => existsSync(path.join(directory, "ImageSets", "Main"));

/**
 * Opens VOC directories as one data set; those whose lists do not have the split are passed over with a warning.
 * @returns the data set, and the directories that are in it, in its order
 * @throws {LadError} NOT_FOUND: one is no VOC directory, or none has the split. INVALID_ARGUMENT: one is given twice. Else as `readVoc`.
 */
export async function openVoc(
  directories: readonly string[],
  options: OpenVocOptions,
): Promise<{ readonly dataset: Dataset; readonly directories: readonly string[] }> {
  const { split } = options;
  checkDirectories(directories);
  const listed = directories.filter((directory) => existsSync(vocList(directory, split)));
  if (listed.length === 0) {
    const looked = directories.map((directory) => vocList(directory, split)).join(", ");
    throw new LadError("NOT_FOUND", `openDataset: no VOC directory has the split "${split}"; looked for ${looked}`);
  }
  const names = listed.map((directory) => path.basename(path.resolve(directory)));
  const distinct = new Set(names).size === names.length;
  const parts: { prefix: string; dataset: Dataset }[] = [];
  for (const [index, directory] of listed.entries())
    parts.push({
      prefix: distinct ? names[index]! : String(index + 1),
      dataset: await readVoc(directory, options),
    });
  const passedOver = directories
    .filter((directory) => !listed.includes(directory))
    .map((directory) => `${directory} is passed over: it has no ${path.join("ImageSets", "Main", `${split}.txt`)}`);
  const joined = parts.length === 1 ? parts[0]!.dataset : joinDatasets(parts);
  return { dataset: { ...joined, warnings: [...passedOver, ...joined.warnings] }, directories: listed };
}

function checkDirectories(directories: readonly string[]): void {
  const wrong = directories.find((directory) => !isVoc(directory));
  if (wrong !== undefined) {
    const looked = path.join("ImageSets", "Main");
    throw new LadError(
      "NOT_FOUND",
      `openDataset: ${wrong} is no VOC directory (it has no ${looked}${path.sep}); only VOC directories are joined`,
    );
  }
  const resolved = directories.map((directory) => path.resolve(directory));
  const twice = resolved.find((directory, index) => resolved.indexOf(directory) < index);
  if (twice !== undefined) throw new LadError("INVALID_ARGUMENT", `openDataset: ${twice} is given twice`);
}
