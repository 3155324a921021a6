import { type BackendName, engines } from "./engines";
import { resolveOptional } from "./import-optional";

/** An engine as `listBackends` finds it. */
export type BackendEntry = {
  readonly name: BackendName;
  /** Whether its packages are installed; whether it starts only `useBackend` can tell. */
  readonly installed: boolean;
  readonly packages: readonly string[];
  /** How to get it. */
  readonly hint: string;
};

/** All engines in the order in which `useBackend("auto")` tries them, without loading any. In a browser only what ships with this package counts as installed. */
export function listBackends(): BackendEntry[] {
  return engines.map(({ name, packages, hint }) => ({
    name,
    packages,
    hint,
    installed: packages.every((entry) => (resolveOptional(entry) ?? entry) !== entry) || isBundled(name),
  }));
}

function isBundled(name: BackendName): boolean {
  return name === "wasm" || name === "cpu";
}
