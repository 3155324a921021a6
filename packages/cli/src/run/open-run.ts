import path from "node:path";
import { LadError } from "@lad/core";
import { buildStudent, type ResolvedConfig } from "@lad/recipes";
import type { AnyDetector } from "@lad/tensor";
import { loadConfig, reloadConfig } from "../load-config";

import { loadWeights } from "./load-weights";
import { findRunRecord, type RunRecord } from "./run-record";

export type OpenedModel = {
  readonly config: ResolvedConfig;
  readonly classes: readonly string[];
  /** The run it belongs to, if it belongs to one. */
  readonly run?: { readonly directory: string; readonly record: RunRecord };
};

/** The run that a path belongs to: the directory itself, or that of a checkpoint inside it. */
export async function findRun(place: string): Promise<{ directory: string; record: RunRecord } | undefined> {
  for (const directory of [place, path.dirname(path.dirname(path.resolve(place)))]) {
    const record = await findRunRecord(directory);
    if (record) return { directory, record };
  }
  return undefined;
}

/** The configuration and the classes of a run. */
export async function openRun(run: { directory: string; record: RunRecord }): Promise<OpenedModel> {
  const { config } = await reloadConfig(run.record.config, run.record.overrides);
  return { config, classes: run.record.classes, run };
}

/** A run, or a configuration with the classes given besides. @throws {LadError} INVALID_ARGUMENT without classes. */
export async function openModel(place: string, classes: readonly string[] | undefined): Promise<OpenedModel> {
  const run = await findRunRecord(place);
  if (run) return openRun({ directory: place, record: run });
  const { config } = await loadConfig(place);
  if (classes) return { config, classes };
  throw new LadError(
    "INVALID_ARGUMENT",
    `${place} is no run directory, so the classes are not known: give --classes a,b,c or --data DIR`,
  );
}

/** The model's student with its weights; without a checkpoint the best of its run, else the last. */
export async function loadStudent(
  { config, classes, run }: OpenedModel,
  checkpoint: string | undefined,
): Promise<{ student: AnyDetector; file: string }> {
  const place = checkpoint ?? run?.directory;
  if (place === undefined)
    throw new LadError("INVALID_ARGUMENT", "--checkpoint F is missing: a configuration alone has no weights");
  const seed = run?.record.seed ?? 0;
  const student = buildStudent(config, { classes: classes.length, seed, pretrained: run?.record.pretrained ?? false });
  return { student, file: await loadWeights(student.params, place, "--checkpoint") };
}
