import path from "node:path";
import { LadError } from "@lad/core";
import { loadConfig, reloadConfig } from "../load-config";
import { absolutePlace, type DataPlace } from "./data-options";
import type { TrainPlan, TrainRequest } from "./plan-training";
import type { RunRecord } from "./run-record";

/**
 * The plan of a run that is there, by its record.
 * @throws {LadError} INVALID_ARGUMENT naming everything that is asked for otherwise now.
 */
export async function resumedPlan(request: TrainRequest, record: RunRecord): Promise<TrainPlan> {
  const { config, overrides, data, seed, init, start, teacher, labeller, teacherRun } = record;
  const asGiven = (place: string | undefined) => place && path.resolve(place);
  const given = request.config === undefined ? undefined : (await loadConfig(request.config, overrides)).source;
  const differences = [
    differs("the configuration", given && JSON.stringify(given), JSON.stringify(config)),
    differs("--data", request.data && shown(absolutePlace(request.data)), shown(data)),
    differs("--seed", request.seed, seed),
    differs("--init", asGiven(request.init), init),
    differs("--start", asGiven(request.start), start),
    differs("--teacher", asGiven(request.teacher), teacher),
    differs("--labeller", asGiven(request.labeller), labeller),
    differs("--train-teacher", request.trainTeacher || undefined, teacherRun !== undefined),
    differs("--teacher-init", asGiven(request.teacherInit), teacherRun?.init),
    differs("--teacher-set", joined(request.teacherSet), teacherRun?.overrides.join(" ")),
    differs("--set", joined(request.set), overrides.join(" ")),
  ].filter((difference) => difference !== undefined);
  if (differences.length > 0) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `--resume: run ${request.out} was begun otherwise: ${differences.join("; ")}. Leave these out (everything is in its config.json), or begin another run`,
    );
  }
  const loaded = await reloadConfig(config, overrides);
  return { ...record, ...loaded, out: request.out, resumed: record };
}

const shown = (place: DataPlace) => [place].flat().join(", ");

function joined(settings: readonly string[] = []): string | undefined {
  return settings.length > 0 ? settings.join(" ") : undefined;
}

type Given = string | number | boolean | undefined;

function differs(name: string, given: Given, recorded: Given): string | undefined {
  if (given === undefined || given === recorded) return undefined;
  const short = (value: Given) =>
    String(value).length > 60 ? "" : ` ${value === "" || value === undefined ? "nothing" : value}`;
  return `${name} is${short(given)} now${short(recorded) && `, was${short(recorded)}`}`;
}
