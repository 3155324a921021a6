import path from "node:path";
import { LadError } from "@lad/core";
import { type LoadedConfig, loadConfig, reloadConfig } from "../load-config";
import { usageError } from "../usage-error";
import { findRunRecord, type RunRecord } from "./run-record";

/** What `lad train` was asked for, as given. */
export type TrainRequest = {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly out: string;
  readonly resume: boolean;
  readonly seed?: number | undefined;
  readonly set: readonly string[];
  readonly init?: string | undefined;
  readonly teacher?: string | undefined;
  readonly fromScratch: boolean;
  readonly vocOrigin?: 0 | 1 | undefined;
};

/** What is going to be trained: all decided, nothing opened yet. */
export type TrainPlan = LoadedConfig & {
  readonly overrides: readonly string[];
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly init?: string | undefined;
  readonly teacher?: string | undefined;
  readonly vocOrigin: 0 | 1;
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
  const { config, data, out, set } = request;
  if (config === undefined) {
    if (request.resume) throw new LadError("NOT_FOUND", `--resume: ${out} holds no run (it has no config.json)`);
    throw usageError(
      "lad train: which configuration? Give a config file or the name of a recipe (lad recipes lists them)",
    );
  }
  if (data === undefined) throw usageError("lad train: --data DIR is missing: the directory of the data set");
  const loaded = await loadConfig(config, set);
  checkWeights(config, loaded, request);
  const absolute = (place: string | undefined) => place && path.resolve(place);
  return {
    ...loaded,
    overrides: set,
    data: path.resolve(data),
    out,
    seed: request.seed ?? 0,
    init: absolute(request.init),
    teacher: absolute(request.teacher),
    vocOrigin: request.vocOrigin ?? 1,
  };
}

/** Weights that are wanted and not given stop the command before it works, all at once. A teacher that is trained too may start without. */
function checkWeights(name: string, { config }: LoadedConfig, { init, teacher, fromScratch }: TrainRequest): void {
  const missing: string[] = [];
  if (fromScratch && init) throw usageError("lad train: --from-scratch and --init contradict each other");
  if (config.pretrained && !init && !fromScratch) {
    missing.push(
      "backbone weights: give --init F (a safetensors file with torchvision's names), or --from-scratch to train without",
    );
  }
  const fromScratchToo = config.trainsTeacher && (fromScratch || !config.pretrained);
  if (config.teacher && !teacher && !fromScratchToo)
    missing.push("the teacher's weights: give --teacher F (a run directory or a safetensors file)");
  if (missing.length > 0) throw new LadError("NOT_FOUND", `${name} needs ${missing.join("\nand ")}`);
  if (!config.teacher && teacher) throw usageError(`lad train: --teacher is given, but ${name} has no teacher`);
}

async function resumedPlan(request: TrainRequest, record: RunRecord): Promise<TrainPlan> {
  const { config, overrides, data, seed, init, teacher, vocOrigin } = record;
  const asGiven = (place: string | undefined) => place && path.resolve(place);
  const given = request.config === undefined ? undefined : (await loadConfig(request.config, overrides)).source;
  const differences = [
    differs("the configuration", given && JSON.stringify(given), JSON.stringify(config)),
    differs("--data", asGiven(request.data), data),
    differs("--seed", request.seed, seed),
    differs("--init", asGiven(request.init), init),
    differs("--teacher", asGiven(request.teacher), teacher),
    differs("--set", request.set.length > 0 ? request.set.join(" ") : undefined, overrides.join(" ")),
  ].filter((difference) => difference !== undefined);
  if (differences.length > 0) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `--resume: run ${request.out} was begun otherwise: ${differences.join("; ")}. Leave these out (everything is in its config.json), or begin another run`,
    );
  }
  const loaded = await reloadConfig(config, overrides);
  return { ...loaded, overrides, data, out: request.out, seed, init, teacher, vocOrigin, resumed: record };
}

function differs(
  name: string,
  given: string | number | undefined,
  recorded: string | number | undefined,
): string | undefined {
  if (given === undefined || given === recorded) return undefined;
  const short = (value: string | number | undefined) =>
    String(value).length > 60 ? "" : ` ${value === "" || value === undefined ? "nothing" : value}`;
  return `${name} is${short(given)} now${short(recorded) && `, was${short(recorded)}`}`;
}
