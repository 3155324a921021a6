import { basename, dirname } from "node:path";
import { loadSafetensors } from "@lad/checkpoints";
import { LadError, type NdArray, type NdRecord, type TypedArray } from "@lad/core";

/** One golden file: its description and its tensors, with a record of which ones were used. */
export type GoldenCase = {
  readonly name: string;
  readonly family: string;
  readonly file: string;
  // biome-ignore lint/suspicious/noExplicitAny: every family describes itself in its own words
  readonly config: any;
  has(name: string): boolean;
  /** A tensor by name, marked as used. */
  take(name: string): NdArray<TypedArray>;
  /** Tensors below a prefix by their remaining names, marked as used. */
  takeAll(prefix: string): NdRecord;
  /** Marks tensors that the family's notes exclude from comparison. */
  exclude(name: string): void;
  names(prefix?: string): string[];
  unused(): string[];
};

/** @throws {LadError} INVALID_FILE if the file has no description. */
export async function readGoldenCase(file: string): Promise<GoldenCase> {
  const { tensors, metadata } = await loadSafetensors(file);
  if (!metadata.config) throw new LadError("INVALID_FILE", `readGoldenCase: ${file} has no metadata "config"`);
  const config = JSON.parse(metadata.config);
  const name = config.case ?? basename(file, ".safetensors");
  return goldenCase({ name, family: config.family ?? basename(dirname(file)), file, config, tensors });
}

/** A case of given tensors. */
export function goldenCase({
  tensors,
  ...described
}: Pick<GoldenCase, "name" | "family" | "file" | "config"> & { readonly tensors: NdRecord }): GoldenCase {
  const used = new Set<string>();
  const names = (prefix = "") => Object.keys(tensors).filter((name) => name.startsWith(prefix));
  const take = (name: string) => {
    const tensor = tensors[name];
    if (!tensor) throw new LadError("INVALID_FILE", `${described.name}: wanted a tensor ${name}, there is none`);
    used.add(name);
    return tensor;
  };
  return {
    ...described,
    has: (name) => name in tensors,
    take,
    takeAll: (prefix) => Object.fromEntries(names(prefix).map((name) => [name.slice(prefix.length), take(name)])),
    exclude: (name) => used.add(name),
    names,
    unused: () => names().filter((name) => !used.has(name)),
  };
}
