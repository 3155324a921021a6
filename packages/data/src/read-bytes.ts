import { readFile } from "node:fs/promises";
import { LadError } from "@lad/core";

/** @throws {LadError} NOT_FOUND, IO */
export async function readBytes(who: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const message = missing ? `${file} does not exist` : `cannot read ${file}: ${firstLine(cause)}`;
    throw new LadError(missing ? "NOT_FOUND" : "IO", `${who}: ${message}`, { cause });
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
