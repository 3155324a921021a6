import path from "node:path";
import { LadError } from "@lad/core";
import { findRecipe } from "@lad/recipes";
import { type LoadedConfig, loadConfig } from "../load-config";
import { usageError } from "../usage-error";
import { checkWeights } from "./check-weights";
import { absolutePlace, type DataPlace } from "./data-options";
import { resumedPlan } from "./resumed-plan";
import { findRunRecord, type RunRecord, type TeacherRun } from "./run-record";

/** What `lad train` was asked for, as given. */
export type TrainRequest = {
  readonly config?: string | undefined;
  readonly data?: DataPlace | undefined;
  readonly out: string;
  readonly resume: boolean;
  readonly seed?: number | undefined;
  readonly set: readonly string[];
  readonly init?: string | undefined;
  readonly start?: string | undefined;
  readonly teacher?: string | undefined;
  readonly labeller?: string | undefined;
  /** Train the teacher first, by its own recipe. */
  readonly trainTeacher?: boolean;
  readonly teacherInit?: string | undefined;
  readonly teacherSet?: readonly string[];
  readonly allowMismatch?: boolean;
  readonly fromScratch: boolean;
  readonly vocOrigin?: 0 | 1 | undefined;
};

/** What is going to be trained: all decided, nothing opened yet. */
export type TrainPlan = LoadedConfig &
  Pick<RunRecord, "overrides" | "data" | "seed" | "init" | "start" | "teacher" | "vocOrigin" | "pretrained"> &
  Pick<RunRecord, "labeller" | "teacherRun" | "allowMismatch"> & {
    readonly out: string;
    /** Go on with the run that lies in `out`, whose record this is. */
    readonly resumed?: RunRecord | undefined;
  };

/**
 * Decides what to train: of a new run what the command line says, of a resumed one what its config.json says.
 * @throws {LadError} INVALID_ARGUMENT: a run is there and is not to be resumed, or it was made with other settings; NOT_FOUND: no run to resume,
 *   or weights that the configuration needs are missing, all of them named.
 */
export async function planTraining(request: TrainRequest): Promise<TrainPlan> {
  const record = await findRunRecord(request.out);
  if (record && !request.resume) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `--out ${request.out} holds a run already: go on with it by --resume, or choose another directory`,
    );
  }
  return record ? resumedPlan(request, record) : newPlan(request);
}

async function newPlan(request: TrainRequest): Promise<TrainPlan> {
  const { config, data, out, set, init, start, allowMismatch = false } = request;
  if (config === undefined) {
    if (request.resume) throw new LadError("NOT_FOUND", `--resume: ${out} holds no run (it has no config.json)`);
    throw usageError(
      "lad train: which configuration? Give a config file or the name of a recipe (lad recipes lists them)",
    );
  }
  if (data === undefined) throw usageError("lad train: --data DIR is missing: the directory of the data set");
  const loaded = await loadConfig(config, set);
  const teacherRun = request.trainTeacher ? teacherRunOf(loaded, request) : undefined;
  await checkWeights(config, loaded.config, request, teacherRun);
  const absolute = (place: string | undefined) => place && path.resolve(place);
  return {
    ...loaded,
    overrides: [...set],
    data: absolutePlace(data),
    out,
    seed: request.seed ?? 0,
    init: absolute(init),
    start: absolute(start),
    teacher: teacherRun ? path.resolve(out, "teacher") : absolute(request.teacher),
    labeller: absolute(request.labeller),
    teacherRun,
    allowMismatch,
    pretrained: init !== undefined || (start !== undefined && loaded.config.pretrained),
    vocOrigin: request.vocOrigin ?? 1,
  };
}

function teacherRunOf({ source }: LoadedConfig, { teacher, teacherInit, teacherSet = [] }: TrainRequest): TeacherRun {
  if (teacher) throw usageError("lad train: --train-teacher and --teacher contradict each other");
  const recipe = "recipe" in source ? findRecipe(source.recipe).teacher : undefined;
  if (recipe === undefined) {
    const what =
      "recipe" in source ? `recipe ${source.recipe} names no teacher` : "a config file names no recipe of its teacher";
    throw usageError(`lad train: --train-teacher: ${what}; train one by lad train, then give its run by --teacher`);
  }
  return { recipe, overrides: [...teacherSet], ...(teacherInit && { init: path.resolve(teacherInit) }) };
}
