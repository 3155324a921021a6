import { rm } from "node:fs/promises";
import path from "node:path";
import { engineHome } from "@lad/backends";
import { noteBuilt } from "./built-list";
import { type EnginePackage, findEnginePackage, packageName } from "./engine-package";
import { displaceEngine } from "./place-engine";
import { withLock } from "./with-lock";
import { writeFailure } from "./write-failure";

/**
 * Undoes `buildTensorflowEngine`: takes the engine out of the package and puts back the binding that was there; a package in the user's folder of engines goes with it.
 * @returns what was changed: the package, or undefined if nothing was built. @throws {LadError} IO if its folder cannot be written
 */
export async function removeTensorflowEngine({
  gpu = false,
}: {
  readonly gpu?: boolean;
} = {}): Promise<EnginePackage | undefined> {
  const installed = findEnginePackage(packageName(gpu));
  if (!installed) return undefined;
  try {
    const removed = await withLock(
      path.join(installed.folder, "lib"),
      () => {},
      () => displaceEngine(installed),
    );
    await noteBuilt(installed.folder, undefined);
    if (installed.own) await rm(path.join(engineHome()!, "node_modules", installed.name), { recursive: true });
    return removed || installed.own ? installed : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // it has no lib: nothing was built
    throw writeFailure(error, installed.folder);
  }
}
