import { LadError, type NdRecord } from "@lad/core";
import { readBytes } from "./read-bytes";
import { type Checkpoint, readSafetensors } from "./read-safetensors";
import { writeFileAtomic } from "./write-file-atomic";
import { safetensorsChunks } from "./write-safetensors";

/**
 * Reads a safetensors file from disk; see `readSafetensors`.
 * @throws {LadError} NOT_FOUND if there is none, IO if it cannot be read, INVALID_FILE if it is damaged; all name the file.
 */
export async function loadSafetensors(file: string): Promise<Checkpoint> {
  const bytes = await readBytes("loadSafetensors", file);
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
