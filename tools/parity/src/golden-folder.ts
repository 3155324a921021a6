import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../../../", import.meta.url));

/** Where golden cases are: the folder named by LAD_GOLDEN, else `golden` in the folder `shared` beside the checkout, else the committed few. */
export function goldenFolder(): string {
  const all = process.env.LAD_GOLDEN ?? join(checkout, "..", "shared", "golden");
  return existsSync(all) ? all : join(checkout, "fixtures", "golden");
}

/** The files of a family there, sorted. */
export function goldenFiles(family: string): string[] {
  const folder = join(goldenFolder(), family);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => (family === "coco_eval" ? /\.expected\.json$|^(rle|errors)\.json$/ : /\.safetensors$/).test(name))
    .sort()
    .map((name) => join(folder, name));
}
