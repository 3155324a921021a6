import type * as NodeModule from "node:module";
import type * as Os from "node:os";
import type * as Url from "node:url";
import type * as WorkerThreads from "node:worker_threads";

type Builtins = {
  "node:module": typeof NodeModule;
  "node:os": typeof Os;
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

/** `require` as a file in the working folder has it, or undefined in a browser. */
export function projectRequire(): NodeJS.Require | undefined {
  return nodeBuiltin("node:module")?.createRequire(`${process.cwd()}/lad.js`);
}
