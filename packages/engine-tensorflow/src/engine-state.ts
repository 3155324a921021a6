import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import type { EnginePackage } from "./engine-package";

/** What `engine.json` in an engine's folder says of it. */
export type EngineRecord = {
  readonly tensorflow: string;
  /** File names of the wheels it was unpacked from. */
  readonly wheels: readonly string[];
  /** ISO 8601. */
  readonly built: string;
  readonly node: string;
};

export type EngineState =
  | { readonly kind: "none" }
  /** A binding that this package did not build: the published one, or the user's own. */
  | { readonly kind: "stock" }
  | { readonly kind: "built"; readonly folder: string; readonly record: EngineRecord };

/** Names of the folders in the package's `lib` that are ours: finished engines, and those being made. */
export const engineFolder = /^lad-tensorflow-/;
export const stageFolder = /^\.lad-stage-/;

/** Which binding is in its place. Ours is a symbolic link into the folder of its engine, which makes putting it there one atomic step. */
export function engineState({ binding }: EnginePackage): EngineState {
  const status = lstatSync(binding, { throwIfNoEntry: false });
  if (!status) return { kind: "none" };
  if (!status.isSymbolicLink()) return { kind: "stock" };
  const folder = path.dirname(path.resolve(path.dirname(binding), readlinkSync(binding)));
  const file = path.join(folder, "engine.json");
  if (!engineFolder.test(path.basename(folder))) return { kind: "stock" };
  if (!existsSync(file)) return { kind: "none" }; // the link was left, its engine is gone
  return { kind: "built", folder, record: JSON.parse(readFileSync(file, "utf8")) as EngineRecord };
}
