import { LadError } from "@lad/core";
import type { PickledOptions } from "./open-pickled";
import { readBytes } from "./read-bytes";
import { readSafetensors } from "./read-safetensors";
import { readTorchCheckpoint, type TorchCheckpoint } from "./read-torch-checkpoint";

/**
 * Reads a checkpoint of any known format, recognised by content, not by name: PyTorch's zip files, pickles (its old format, detectron2's),
 * else safetensors.
 * @throws {LadError} INVALID_FILE if it is damaged or asks for anything but data.
 */
export function readCheckpoint(bytes: Uint8Array, options: PickledOptions = {}): TorchCheckpoint {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  // a safetensors file has an opening brace behind eight bytes of length; pickles begin with their protocol's mark, before 2 with an opcode
  const pickle = bytes[8] !== 0x7b && "\x80(c]}di".includes(String.fromCharCode(bytes[0] ?? 0));
  return zip || pickle ? readTorchCheckpoint(bytes, options) : readSafetensors(bytes);
}

/**
 * Reads a checkpoint from disk; see `readCheckpoint`.
 * @throws {LadError} NOT_FOUND if there is none, IO if it cannot be read, INVALID_FILE if it is damaged; all name the file.
 */
export async function loadCheckpoint(file: string, options: PickledOptions = {}): Promise<TorchCheckpoint> {
  const bytes = await readBytes("loadCheckpoint", file);
  try {
    return readCheckpoint(bytes, options);
  } catch (cause) {
    if (!LadError.is(cause)) throw cause;
    throw new LadError(cause.code, `loadCheckpoint: ${file}: ${cause.message}`, { cause });
  }
}
