import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { loadParams, loadSafetensors } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";
import type { Params } from "@lad/tensor";
import { runFiles } from "@lad/train";

const STUDENT = "student.";

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

/**
 * Loads a detector's weights from a run directory or a safetensors file; of a training checkpoint the student's.
 * @returns the file they came from
 * @throws {LadError} CHECKPOINT_MISMATCH: names the file and the first parameters that differ.
 */
export async function loadWeights(params: Params, place: string, purpose: string): Promise<string> {
  const file = weightsFile(place, purpose);
  const record = await tensorsOf(file);
  const prefix = hasPrefix(record, STUDENT) ? STUDENT : "";
  named(purpose, file, () => loadParams(params, record, { prefix }));
  return file;
}

/**
 * Loads the weights of a network that was trained beside the student: they lie in the run's training state, as it was last.
 * @throws {LadError} NOT_FOUND: there is no such state, or it does not hold the network.
 */
export async function loadTrained(params: Params, place: string, network: string): Promise<string> {
  const purpose = `--network ${network}`;
  const file = existsSync(place) && statSync(place).isDirectory() ? runFiles(place).state : place;
  if (!existsSync(file)) throw new LadError("NOT_FOUND", `${purpose}: there is no ${file}`);
  const record = await tensorsOf(file);
  const prefix = `${network}.`;
  if (!hasPrefix(record, prefix))
    throw new LadError(
      "NOT_FOUND",
      `${purpose}: ${file} holds no weights of it; give a run that trained it, or its state`,
    );
  const own = Object.fromEntries(Object.entries(record).filter(([name]) => name.startsWith(prefix)));
  named(purpose, file, () => loadParams(params, own, { prefix }));
  return file;
}

/** Loads a backbone's weights, from a classifier's file (its `fc.*` is left aside) or a detector's (its `backbone.*` is taken). */
export async function loadBackbone(params: Params, place: string): Promise<void> {
  const purpose = "--init";
  const file = weightsFile(place, purpose);
  const record = await tensorsOf(file);
  const prefix = [`${STUDENT}backbone.`, "backbone.", ""].find((candidate) => hasPrefix(record, candidate))!;
  const own = [...params].filter(([name]) => name.startsWith("backbone."));
  if (own.length === 0)
    throw new LadError("CHECKPOINT_MISMATCH", `${purpose}: the network has no parameters named backbone.*`);
  const backbone: Params = new Map(own.map(([name, param]) => [name.slice("backbone.".length), param]));
  named(purpose, file, () => loadParams(backbone, record, { prefix, ignore: (name) => name.startsWith("fc.") }));
}

async function tensorsOf(file: string): Promise<NdRecord> {
  return (await loadSafetensors(file)).tensors;
}

function hasPrefix(record: NdRecord, prefix: string): boolean {
  return Object.keys(record).some((name) => name.startsWith(prefix));
}

function named(purpose: string, file: string, load: () => unknown): void {
  try {
    load();
  } catch (cause) {
    if (!LadError.is(cause)) throw cause;
    throw new LadError(cause.code, `${purpose} ${file}: ${cause.message}`, { cause });
  }
}
