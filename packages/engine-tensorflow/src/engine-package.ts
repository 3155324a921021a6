import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { engineHome, resolveOptional } from "@lad/backends";

export type PackageName = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";

/** An installed tfjs-node: npm brings its JavaScript and the source of its binding. */
export type EnginePackage = {
  readonly name: PackageName;
  readonly folder: string;
  readonly version: string;
  /** Where its JavaScript looks for the binding. */
  readonly binding: string;
  /** It lies in the user's folder of engines, not in a project. */
  readonly own: boolean;
};

type Manifest = { readonly version: string; readonly binary?: { readonly napi_versions?: readonly number[] } };

export const packageName = (gpu: boolean): PackageName => `@tensorflow/tfjs-node${gpu ? "-gpu" : ""}`;

/** The package as @lad/backends finds it: beside it, in the working folder, in the user's folder of engines. @returns undefined if it is not installed */
export function findEnginePackage(name: PackageName): EnginePackage | undefined {
  const entry = resolveOptional(name); // …/tfjs-node/dist/index.js
  return entry === undefined ? undefined : readEnginePackage(name, path.dirname(path.dirname(entry)));
}

export function readEnginePackage(name: PackageName, folder: string): EnginePackage {
  const { version, binary } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
  const known = binary?.napi_versions ?? [8];
  const napi = Math.max(...known.filter((one) => one <= Number(process.versions.napi)));
  const binding = path.join(folder, "lib", `napi-v${napi}`, "tfjs_binding.node");
  const home = engineHome();
  const own = home !== undefined && !path.relative(path.resolve(home), folder).startsWith("..");
  return { name, folder, version, binding, own };
}

/** Whether the package brings the binding's source. */
export function hasSource({ folder }: EnginePackage): boolean {
  return existsSync(path.join(folder, "binding", "tfjs_binding.cc"));
}
