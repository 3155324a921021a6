import { nodeBuiltin, packageRequire, projectRequire } from "./node-builtins";

/**
 * Imports a package that need not be there: as seen from this package (optional peers), else from the working folder.
 * @returns undefined if it is not installed. @throws whatever it throws if it is installed and broken.
 */
export async function importOptional(name: string): Promise<Record<string, unknown> | undefined> {
  const path = resolveOptional(name);
  if (path === undefined) return undefined;
  // in a browser the import map or the bundler decides
  const specifier = nodeBuiltin("node:url")?.pathToFileURL(path).href ?? name;
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as Record<string, unknown>;
  } catch (error) {
    if (path === name && error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Where a package's entry lies; its own name in a browser; undefined if it is not installed. */
export function resolveOptional(name: string): string | undefined {
  const requires = [packageRequire(), projectRequire()];
  if (!requires[0]) return name;
  for (const require of requires) {
    try {
      return require?.resolve(name);
    } catch {
      // not there: look in the next place
    }
  }
  return undefined;
}
