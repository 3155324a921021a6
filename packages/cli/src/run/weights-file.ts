import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { convertCheckpoint, loadCheckpoint } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";

/** What help texts call a file of weights. */
export const weightFormats = "safetensors, PyTorch's .pth, detectron2's .pkl";

/**
 * The file of weights that a path stands for: itself, or of a run directory its best checkpoint, else its last.
 * @throws {LadError} NOT_FOUND: says what the path is wanted for.
 */
export function weightsFile(place: string, purpose: string): string {
  if (!existsSync(place)) throw new LadError("NOT_FOUND", `${purpose}: there is no ${place}`);
  if (!statSync(place).isDirectory()) return place;
  const candidates = ["best", "last"].map((name) => path.join(place, "checkpoints", `${name}.safetensors`));
  const found = candidates.find((file) => existsSync(file));
  if (found) return found;
  throw new LadError(
    "NOT_FOUND",
    `${purpose}: run ${place} has no checkpoint yet; looked for ${candidates.join(" and ")}`,
  );
}

/** The weights in a file of any known format, under this library's names. @throws {LadError} INVALID_FILE, IO, NOT_FOUND. */
export async function readWeights(file: string): Promise<NdRecord> {
  return convertCheckpoint(await loadCheckpoint(file)).tensors;
}

/** The first of some prefixes that any name begins with. */
export function prefixOf(record: NdRecord, candidates: readonly string[]): string | undefined {
  const names = Object.keys(record);
  return candidates.find((prefix) => names.some((name) => name.startsWith(prefix)));
}
