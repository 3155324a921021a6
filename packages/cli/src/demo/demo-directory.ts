import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";

const MARKER = "lad-demo.json";

/**
 * Makes the demo's directory. What an earlier demo left there is removed (its data set is used again); anything else is left alone.
 * @throws {LadError} IO: the directory holds something else, or cannot be written.
 */
export async function makeDemoDirectory(
  directory: string,
): Promise<{ shapes: string; runs: string; pictures: string }> {
  const places = {
    shapes: path.join(directory, "shapes"),
    runs: path.join(directory, "runs"),
    pictures: path.join(directory, "pictures"),
  };
  try {
    await mkdir(directory, { recursive: true });
    const marker = path.join(directory, MARKER);
    const entries = await readdir(directory);
    if (entries.length > 0 && !existsSync(marker)) {
      throw new LadError("IO", `--out ${directory} holds something that is not a demo's; choose another directory`);
    }
    await writeFile(marker, '{ "made by": "lad demo, which removes runs/ and pictures/ when it runs again" }\n');
    await rm(places.runs, { recursive: true, force: true });
    await rm(places.pictures, { recursive: true, force: true });
    await mkdir(places.pictures);
    return places;
  } catch (cause) {
    if (LadError.is(cause)) throw cause;
    throw new LadError("IO", `--out ${directory} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
