import { existsSync, statSync } from "node:fs";
import { loadSafetensors } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import type { Params } from "@lad/tensor";
import { runFiles } from "@lad/train";
import { type FitOptions, fitWeights } from "./fit-weights";
import { prefixOf, readWeights, weightsFile } from "./weights-file";

export type LoadWeightsOptions = Pick<FitOptions, "allowMismatch" | "note"> & {
  /** The option they were given by, for messages. */
  readonly purpose: string;
};

/**
 * Loads a detector's weights from a run directory or a file of any known format; of a training state the student's.
 * @returns the file they came from
 * @throws {LadError} CHECKPOINT_MISMATCH: names the file and every parameter that differs.
 */
export async function loadWeights(
  params: Params,
  place: string,
  { purpose, ...fit }: LoadWeightsOptions,
): Promise<string> {
  const file = weightsFile(place, purpose);
  const record = await readWeights(file);
  // a training state of ours holds several networks; the reference's LAD has its teachers in files of their own, under such names
  const onlyTeacher = Object.keys(record).every((name) => name.startsWith("teacher_"));
  const prefix = prefixOf(record, ["student."]) ?? (onlyTeacher ? "teacher_" : "");
  fitWeights(params, record, `${purpose} ${file}`, { prefix, ...fit });
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
  const { tensors } = await loadSafetensors(file);
  const prefix = `${network}.`;
  if (prefixOf(tensors, [prefix]) === undefined)
    throw new LadError(
      "NOT_FOUND",
      `${purpose}: ${file} holds no weights of it; give a run that trained it, or its state`,
    );
  fitWeights(params, tensors, `${purpose} ${file}`, { prefix });
  return file;
}
