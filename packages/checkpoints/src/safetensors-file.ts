import { readFile } from "node:fs/promises";
import { LadError, type NdRecord } from "@lad/core";
import { type Checkpoint, readSafetensors } from "./read-safetensors";
import { writeFileAtomic } from "./write-file-atomic";
import { safetensorsChunks } from "./write-safetensors";

/**
 * Reads a safetensors file from disk; see `readSafetensors`.
 * @throws {LadError} NOT_FOUND if there is none, IO if it cannot be read, INVALID_FILE if it is damaged; all name the file.
 */
export async function loadSafetensors(file: string): Promise<Checkpoint> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = missing ? "there is no such file" : `it could not be read: ${(cause as Error).message}`;
    throw new LadError(missing ? "NOT_FOUND" : "IO", `loadSafetensors: ${file}: ${reason}`, { cause });
  }
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    if (!LadError.is(cause)) throw cause;
    throw new LadError(cause.code, `loadSafetensors: ${file}: ${cause.message.replace(/^readSafetensors: /, "")}`, {
      cause,
    });
  }
}

/**
 * Writes a safetensors file, whole or not at all; see `writeSafetensors` for its bytes and `writeFileAtomic` for how.
 * @throws {LadError} IO naming the file; the old file is then intact.
 */
export async function saveSafetensors(
  file: string,
  tensors: NdRecord,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(file, safetensorsChunks(tensors, metadata));
}
