import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { LadError } from "@lad/core";

/**
 * The folder of node_api.h: that of the npm package node-api-headers, which is a dependency of this package, so that no installation of Node need bring its own.
 * @throws {LadError} NOT_FOUND
 */
export function findNodeHeaders(resolve: (name: string) => string = createRequire(import.meta.url).resolve): string {
  try {
    const folder = path.join(path.dirname(resolve("node-api-headers/package.json")), "include");
    if (existsSync(path.join(folder, "node_api.h"))) return folder;
  } catch {
    // not installed: said below
  }
  throw new LadError(
    "NOT_FOUND",
    "buildTensorflowEngine: node_api.h, the header of Node's interface for add-ons, is missing: npm install node-api-headers",
  );
}
