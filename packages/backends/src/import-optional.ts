import { engineHome } from "./engine-home";
import { nodeBuiltin, packageRequire, requireIn } from "./node-builtins";

/**
 * Imports a package that need not be there: as seen from this package (optional dependencies and peers), else from the working folder, else from the user's folder of engines.
 * @returns undefined if it is not installed. @throws whatever it throws if it is installed and broken.
 */
export async function importOptional(name: string): Promise<Record<string, unknown> | undefined> {
  const beside = packageRequire();
  if (!beside) return importInBrowser(name);
  // by its name where this package sees it: then it is the very module that others import
  if (resolveFrom(beside, name) !== undefined) return importModule(name);
  const path = resolveElsewhere(name);
  return path === undefined ? undefined : importModule(nodeBuiltin("node:url")!.pathToFileURL(path).href);
}

function importModule(specifier: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
}

/** The import map or the bundler decides what a name means. */
async function importInBrowser(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await importModule(name);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Where a package's entry lies; its own name in a browser; undefined if it is not installed. */
export function resolveOptional(name: string): string | undefined {
  if (!packageRequire()) return name;
  return resolveFrom(packageRequire(), name) ?? resolveElsewhere(name);
}

function resolveElsewhere(name: string): string | undefined {
  return resolveFrom(requireIn(process.cwd()), name) ?? resolveFrom(requireIn(engineHome()), name);
}

function resolveFrom(require: NodeJS.Require | undefined, name: string): string | undefined {
  try {
    return require?.resolve(name);
  } catch {
    return undefined; // not there
  }
}
