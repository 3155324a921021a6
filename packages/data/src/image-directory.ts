import { readdir } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";

/**
 * Checks before a long run, not in its middle, that the pictures are there (by listing their folders, not by opening them).
 * @returns which of the names exist
 * @throws {LadError} NOT_FOUND: the directory is missing, or one of the names and `missing` is "error".
 */
export async function existingImages(
  who: string,
  directory: string,
  names: readonly string[],
  missing: "error" | "drop",
): Promise<ReadonlySet<string>> {
  await listFolder(who, directory);
  const folders = new Map<string, ReadonlySet<string>>();
  for (const folder of new Set(names.map((name) => path.dirname(name)))) {
    const entries = await listFolder(who, path.join(directory, folder)).catch(() => []);
    folders.set(folder, new Set(entries));
  }
  const present = new Set(names.filter((name) => folders.get(path.dirname(name))!.has(path.basename(name))));
  if (missing === "error" && present.size < new Set(names).size) {
    const absent = names.filter((name) => !present.has(name));
    throw new LadError(
      "NOT_FOUND",
      `${who}: ${absent.length} of ${names.length} pictures are not in ${directory}: ${absent.slice(0, 5).join(", ")}${absent.length > 5 ? ", …" : ""}; pass missingImages: "drop" to go on without them`,
    );
  }
  return present;
}

/** @throws {LadError} NOT_FOUND */
export async function listFolder(who: string, directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new LadError("NOT_FOUND", `${who}: ${directory} is not a directory that can be read`, { cause });
  }
}
