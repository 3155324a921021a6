import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { engineHome } from "@lad/backends";

/** What was built where: it survives an `npm ci` that empties node_modules. */
export type BuiltList = Readonly<Record<string, { readonly tensorflow: string; readonly built: string }>>;

const file = (): string => path.join(engineHome()!, "built.json");

/** By package folder; empty where nothing can be read. */
export function builtList(): BuiltList {
  try {
    return JSON.parse(readFileSync(file(), "utf8")) as BuiltList;
  } catch {
    return {};
  }
}

/** Notes an engine, or with undefined forgets it. A list that cannot be written is no reason to fail: it only makes a later message better. */
export async function noteBuilt(folder: string, entry: BuiltList[string] | undefined): Promise<void> {
  const { [folder]: _, ...others } = builtList();
  const list = entry ? { ...others, [folder]: entry } : others;
  try {
    await mkdir(path.dirname(file()), { recursive: true });
    const fresh = `${file()}.${process.pid}`;
    await writeFile(fresh, `${JSON.stringify(list, null, 2)}\n`);
    await rename(fresh, file());
  } catch {
    // see above
  }
}
