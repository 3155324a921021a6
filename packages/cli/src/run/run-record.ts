import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { z } from "zod";
import type { TrainPlan } from "./plan-training";

const source = z.union([
  z.strictObject({ recipe: z.string() }),
  z.strictObject({ file: z.string(), text: z.string() }),
]);

const teacherRun = z.object({
  recipe: z.string(),
  /** `key=value` of `--teacher-set`. */
  overrides: z.array(z.string()),
  init: z.string().optional(),
});

/** How the teacher is trained, in the folder `teacher` of the run, before the student. */
export type TeacherRun = z.infer<typeof teacherRun>;

const runRecord = z.object({
  format: z.literal(1),
  /** Recipe's name, or the file of the configuration with its text. */
  config: source,
  /** `key=value` of `--set`. */
  overrides: z.array(z.string()),
  classes: z.array(z.string()).min(1),
  /** Directory of the data set, or VOC directories that are joined. */
  data: z.union([z.string(), z.array(z.string()).min(1).readonly()]),
  /** Of VOC coordinates. */
  vocOrigin: z.union([z.literal(0), z.literal(1)]),
  seed: z.int(),
  /** Whether the student's backbone started from given weights. */
  pretrained: z.boolean(),
  /** Weights that were given: of the backbone, of the whole student, of the teacher, of the labeller. */
  init: z.string().optional(),
  start: z.string().optional(),
  teacher: z.string().optional(),
  labeller: z.string().optional(),
  teacherRun: teacherRun.optional(),
  /** Weights that fit only in part were allowed. */
  allowMismatch: z.boolean().optional(),
  /** The settings as they were used, for the reader; not read back. */
  settings: z.unknown(),
});

/** What `config.json` of a run directory holds: all that rebuilds its networks and goes on with it. */
export type RunRecord = z.infer<typeof runRecord>;

const fileOf = (directory: string) => path.join(directory, "config.json");

export async function writeRunRecord(directory: string, record: RunRecord): Promise<void> {
  await writeFileAtomic(fileOf(directory), `${JSON.stringify(record, null, 2)}\n`);
}

/** The record of a run that begins. */
export function runRecordOf(
  { config, source, overrides, data, vocOrigin, seed, pretrained, ...given }: Omit<TrainPlan, "out" | "resumed">,
  classes: readonly string[],
): RunRecord {
  const { init, start, teacher, labeller, teacherRun, allowMismatch } = given;
  return {
    format: 1,
    config: source,
    overrides: [...overrides],
    classes: [...classes],
    data,
    vocOrigin,
    seed,
    pretrained,
    ...(init !== undefined && { init }),
    ...(start !== undefined && { start }),
    ...(teacher !== undefined && { teacher }),
    ...(labeller !== undefined && { labeller }),
    ...(teacherRun && { teacherRun }),
    ...(allowMismatch && { allowMismatch }),
    settings: config,
  };
}

/** @returns nothing if the directory holds no run. @throws {LadError} INVALID_FILE: its config.json is not one of ours. */
export async function findRunRecord(directory: string): Promise<RunRecord | undefined> {
  const text = await readFile(fileOf(directory), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return runRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new LadError("INVALID_FILE", `${fileOf(directory)} is not the config.json of a run: ${firstProblem(cause)}`, {
      cause,
    });
  }
}

/**
 * Makes the directory of a run and checks that it can be written.
 * @throws {LadError} IO
 */
export async function makeRunDirectory(directory: string): Promise<void> {
  const probe = path.join(directory, ".lad-probe");
  try {
    await mkdir(path.join(directory, "checkpoints"), { recursive: true });
    await mkdir(path.join(directory, "report"), { recursive: true });
    await writeFile(probe, "");
    await rm(probe);
  } catch (cause) {
    throw new LadError("IO", `output directory ${directory} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

function firstProblem(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    const issue = cause.issues[0]!;
    return `${issue.path.join(".") || "it"}: ${issue.message}`;
  }
  return (cause as Error).message;
}
