import path from "node:path";
import { LadError } from "@lad/core";
import { buildLabeller, buildStudent, buildTeacher, type ResolvedConfig } from "@lad/recipes";
import type { AnyDetector } from "@lad/tensor";
import { loadConfig, reloadConfig } from "../load-config";
import { loadTrained, loadWeights } from "./load-weights";
import { findRunRecord, type RunRecord } from "./run-record";

/** For commands that look at one network of a run. */
export const networkOption = {
  network: {
    type: "string",
    value: "NAME",
    help: "student (default), teacher or labeller: another network of the method",
  },
} as const;

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

/**
 * A run, or a configuration whose classes come from elsewhere.
 * @param classesOf tells the classes of a configuration that is no run's
 * @throws {LadError} INVALID_ARGUMENT without classes.
 */
export async function openModel(
  place: string,
  classesOf?: (config: ResolvedConfig) => Promise<readonly string[] | undefined>,
): Promise<OpenedModel> {
  const run = await findRunRecord(place);
  if (run) return openRun({ directory: place, record: run });
  const { config } = await loadConfig(place);
  const classes = await classesOf?.(config);
  if (classes) return { config, classes };
  throw new LadError(
    "INVALID_ARGUMENT",
    `${place} is no run directory, so the classes are not known: give --classes a,b,c or --data DIR`,
  );
}

const others = ["teacher", "labeller"] as const;

/** Is it a network that the configuration has beside the student? */
function isOther(name: string, config: ResolvedConfig): name is (typeof others)[number] {
  return others.some((other) => other === name && config[other]);
}

export type LoadOptions = {
  /** A run or a file; default the model's run. */
  readonly checkpoint?: string | undefined;
  /** Which of the method's networks; default the student. */
  readonly network?: string | undefined;
};

/**
 * One of the model's networks with its weights. The student's are the best of its run, else the last; a teacher's that is trained too the
 * last, one's that is not those that the run was given.
 * @throws {LadError} INVALID_ARGUMENT: no such network, or nothing says where its weights are.
 */
export async function loadNetwork(
  { config, classes, run }: OpenedModel,
  { checkpoint, network: name = "student" }: LoadOptions = {},
): Promise<{ network: AnyDetector; file: string }> {
  const record = run?.record;
  const options = { classes: classes.length, seed: record?.seed ?? 0, pretrained: record?.pretrained ?? false };
  const place = checkpoint ?? run?.directory;
  if (place === undefined)
    throw new LadError("INVALID_ARGUMENT", "--checkpoint F is missing: a configuration alone has no weights");
  if (name === "student") {
    const network = buildStudent(config, options);
    return { network, file: await loadWeights(network.params, place, { purpose: "--checkpoint" }) };
  }
  if (!isOther(name, config)) {
    const names = ["student", ...others.filter((other) => config[other])].join(" and ");
    throw new LadError("INVALID_ARGUMENT", `--network: there is no network "${name}", the method has ${names}`);
  }
  const network = (name === "teacher" ? buildTeacher : buildLabeller)(config, options)!;
  const given = checkpoint ?? record?.[name];
  if (!(name === "teacher" && config.trainsTeacher) && given)
    return { network, file: await loadWeights(network.params, given, { purpose: "--network" }) };
  return { network, file: await loadTrained(network.params, place, name) };
}
