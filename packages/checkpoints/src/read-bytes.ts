import { readFile } from "node:fs/promises";
import { LadError } from "@lad/core";

/**
 * A file's bytes; `caller` begins the message of an error.
 * @throws {LadError} NOT_FOUND if there is none, IO if it cannot be read; both name the file.
 */
export async function readBytes(caller: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = missing ? "there is no such file" : `it could not be read: ${(cause as Error).message}`;
    throw new LadError(missing ? "NOT_FOUND" : "IO", `${caller}: ${file}: ${reason}`, { cause });
  }
}
