import { existsSync } from "node:fs";
import { link, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { EnginePackage } from "./engine-package";
import { type EngineRecord, engineFolder, engineState, stageFolder } from "./engine-state";

const library = ({ folder }: EnginePackage): string => path.join(folder, "lib");
const saved = (binding: string): string => `${binding}.before-lad`;

/** Removes what killed runs left: half-made engines, and whole ones that no binding leads to. */
export async function removeLeftovers(installed: EnginePackage): Promise<void> {
  const lib = library(installed);
  const state = engineState(installed);
  const used = state.kind === "built" ? path.basename(state.folder) : undefined;
  for (const name of existsSync(lib) ? await readdir(lib) : [])
    if (stageFolder.test(name) || (engineFolder.test(name) && name !== used))
      await rm(path.join(lib, name), { recursive: true, force: true });
}

/**
 * Puts a finished engine in its place: its folder gets its lasting name, then the binding becomes a link into it. Each is one rename, so that
 * at any moment the package has the old binding or the new one, whole. A binding of others is kept beside.
 */
export async function placeEngine(installed: EnginePackage, staged: string, record: EngineRecord): Promise<void> {
  const { binding } = installed;
  await writeFile(path.join(staged, "engine.json"), `${JSON.stringify(record, null, 2)}\n`);
  const unique = Date.now().toString(36);
  const folder = path.join(library(installed), `lad-tensorflow-${record.tensorflow}-${unique}`);
  await rename(staged, folder);
  await mkdir(path.dirname(binding), { recursive: true });
  if (engineState(installed).kind === "stock" && !existsSync(saved(binding))) await link(binding, saved(binding));
  const fresh = `${binding}.${unique}`;
  await symlink(path.relative(path.dirname(binding), path.join(folder, "tfjs_binding.node")), fresh);
  await rename(fresh, binding);
  await removeLeftovers(installed); // the engine before
}

/** Takes the built engine away and puts back the binding that was there before it. @returns false if there is none */
export async function displaceEngine(installed: EnginePackage): Promise<boolean> {
  const { binding } = installed;
  if (engineState(installed).kind !== "built") return false;
  if (existsSync(saved(binding))) await rename(saved(binding), binding);
  else await rm(binding);
  await removeLeftovers(installed);
  return true;
}
