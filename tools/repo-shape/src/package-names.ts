import type { Manifest } from "./workspace";

/** Names in the given dependency lists of a package.json. */
export function dependencyNames(manifest: Manifest, ...lists: readonly string[]): string[] {
  return lists.flatMap((list) => Object.keys(dependencyList(manifest, list)));
}

export function dependencyList(manifest: Manifest, list: string): Record<string, string> {
  return (manifest[list] ?? {}) as Record<string, string>;
}
