import type * as Fs from "node:fs";
import type * as NodeModule from "node:module";
import type * as Os from "node:os";
import type * as Path from "node:path";
import type * as Url from "node:url";
import type * as WorkerThreads from "node:worker_threads";

type Builtins = {
  "node:fs": typeof Fs;
  "node:module": typeof NodeModule;
  "node:os": typeof Os;
  "node:path": typeof Path;
  "node:url": typeof Url;
  "node:worker_threads": typeof WorkerThreads;
};

/** A module of Node's own, or undefined in a browser. Not an import: bundlers for the browser would stumble over it. */
export function nodeBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const node = (globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }).process;
  return node?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
}

/** `require` as a file of this package has it, or undefined in a browser. */
export function packageRequire(): NodeJS.Require | undefined {
  return nodeBuiltin("node:module")?.createRequire(import.meta.url);
}

/** `require` as a file in that folder has it, or undefined in a browser. */
export function requireIn(folder: string | undefined): NodeJS.Require | undefined {
  return folder === undefined
    ? undefined
    : nodeBuiltin("node:module")?.createRequire(nodeBuiltin("node:path")!.resolve(folder, "lad.js"));
}
