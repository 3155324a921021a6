import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { temporarySuffix } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { exportStudent, saveStudent } from "./export-student";
import { openJsonLog } from "./json-log";
import { type RunFiles, runFiles } from "./run-files";
import type { IterationRecord, TrainEvent, ValidationRecord } from "./train-events";
import { loadTrainingState, type Standing, type StateOwner, saveTrainingState } from "./training-state";

/** Where a run's records go. */
export type Run = {
  /** Where training begins: at 0 or where the run left off. */
  readonly start: Standing;
  iteration(record: IterationRecord): Promise<void>;
  validation(record: ValidationRecord): Promise<void>;
  /** Writes the state, then the weights made from it. Does nothing if this standing is on the disk already. */
  checkpoint(standing: Standing, epoch?: number): Promise<void>;
  best(standing: Standing): Promise<void>;
  close(): Promise<void>;
};
export type RunOptions = {
  readonly owner: StateOwner;
  readonly resume: boolean;
  /** How many of the latest `epoch_N.safetensors` stay. */
  readonly keep: number;
  readonly log: (event: TrainEvent) => void;
};

const beginning: Standing = { iteration: 0, validatedEpoch: 0 };

/** A run that leaves nothing on the disk. */
export function silentRun(): Run {
  const nothing = async () => {};
  return {
    start: beginning,
    iteration: nothing,
    validation: nothing,
    checkpoint: nothing,
    best: nothing,
    close: nothing,
  };
}

/**
 * Opens a run directory, new or to go on with. Logs are cut back to the state that is resumed.
 * @throws {LadError} IO naming what cannot be written, INVALID_ARGUMENT if a run is there and `resume` is not set; see `loadTrainingState`.
 */
export async function openRunDirectory(directory: string, { owner, resume, keep, log }: RunOptions): Promise<Run> {
  const files = runFiles(directory);
  const hasState = await prepare(files, directory, resume);
  let written = hasState ? await loadTrainingState(files.state, owner) : undefined;
  const start = written ?? beginning;
  const notes = ({ iteration }: Standing) => ({
    iteration: `${iteration}`,
    epoch: `${Math.floor(iteration / owner.fixed.iterationsPerEpoch)}`,
  });
  if (written) {
    await exportStudent(owner.method, files.last, notes(start)); // a kill between the two files left it one checkpoint behind
    log({ kind: "resumed", iteration: start.iteration, file: files.state });
  }
  const { metrics, validation, close } = await openLogs(files, start);
  return {
    start,
    iteration: metrics.append,
    validation: validation.append,
    async checkpoint(standing, epoch) {
      if (!sameStanding(written, standing)) {
        await metrics.sync();
        await validation.sync();
        const student = await saveTrainingState(files.state, owner, standing);
        written = standing;
        await saveStudent(files.last, owner.method, student, notes(standing));
        log({ kind: "checkpoint", iteration: standing.iteration, file: files.state });
      }
      if (epoch === undefined || keep === 0) return;
      await exportStudent(owner.method, files.epoch(epoch), notes(standing));
      await prune(files, keep);
    },
    best: (standing) =>
      exportStudent(owner.method, files.best, { ...notes(standing), best: JSON.stringify(standing.best) }),
    close,
  };
}

/** Makes the directories, sweeps up after a killed process, and tells whether there is a state to go on from. */
async function prepare(files: RunFiles, directory: string, resume: boolean): Promise<boolean> {
  try {
    await mkdir(files.checkpoints, { recursive: true });
    for (const folder of [directory, files.checkpoints])
      for (const name of await readdir(folder)) if (name.endsWith(temporarySuffix)) await rm(join(folder, name));
    const names = await readdir(files.checkpoints);
    const found = names.find((name) => name.endsWith(".safetensors"));
    if (found && !resume)
      throw new LadError(
        "INVALID_ARGUMENT",
        `train: ${directory} holds a run already (checkpoints/${found}); resume it or choose another directory`,
      );
    const hasState = names.includes(basename(files.state));
    if (!hasState && names.includes(basename(files.last)))
      throw new LadError(
        "NOT_FOUND",
        `train: ${files.state} is not there but ${basename(files.last)} is; without the state the run cannot be resumed`,
      );
    return hasState;
  } catch (cause) {
    if (LadError.is(cause)) throw cause;
    throw new LadError("IO", `train: run directory ${directory} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Both logs, cut back to the standing: what a killed process did after its last checkpoint is done again. */
async function openLogs(files: RunFiles, { iteration, validatedEpoch }: Standing) {
  const metrics = await openJsonLog(files.metrics, (line) => Number(line.iteration) <= iteration);
  try {
    const validation = await openJsonLog(files.validation, (line) => Number(line.epoch) <= validatedEpoch);
    return { metrics, validation, close: () => metrics.close().finally(validation.close) };
  } catch (error) {
    await metrics.close();
    throw error;
  }
}

function sameStanding(a: Standing | undefined, b: Standing): boolean {
  return a !== undefined && a.iteration === b.iteration && a.validatedEpoch === b.validatedEpoch;
}

async function prune(files: RunFiles, keep: number): Promise<void> {
  const epochs = (await readdir(files.checkpoints))
    .flatMap((name) => /^epoch_(\d+)\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  for (const epoch of epochs.slice(keep)) await rm(files.epoch(epoch));
}
