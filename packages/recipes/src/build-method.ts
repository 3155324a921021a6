import { LadError, random } from "@lad/core";
import { type AnyDetector, freezeParams, type Method, type ParamGroup } from "@lad/tensor";
import { paramGroup, scaleLearningRate, sgd, stepSchedule } from "@lad/train";
import type { ResolvedConfig } from "./config";

export type BuildNetworkOptions = {
  readonly classes: number;
  readonly seed: number;
  /** The backbone will be given weights. */
  readonly pretrained: boolean;
};

// streams of the seed, so that a teacher does not change the student's initial weights
const STUDENT_STREAM = 1;
const TEACHER_STREAM = 2;

/** The network that a configuration trains, with the initial weights of the seed. */
export function buildStudent(
  { student }: ResolvedConfig,
  { classes, seed, pretrained }: BuildNetworkOptions,
): AnyDetector {
  return student({ classes, pretrained, random: random(seed, STUDENT_STREAM) });
}

/** The configuration's teacher, all of it frozen; nothing if it has none. */
export function buildTeacher(
  { teacher }: ResolvedConfig,
  { classes, seed }: BuildNetworkOptions,
): AnyDetector | undefined {
  const made = teacher?.({ classes, pretrained: false, random: random(seed, TEACHER_STREAM) });
  return made && { ...made, params: freezeParams(made.params) };
}

export type BuildMethodOptions = {
  readonly student: AnyDetector;
  readonly teacher?: AnyDetector | undefined;
  /** Told in a sentence if the learning rate was scaled. */
  readonly log?: (message: string) => void;
};

/**
 * The configuration's method on its networks, with SGD and step schedule as the settings say.
 * @throws {LadError} INVALID_ARGUMENT: the configuration has a teacher and none is given.
 */
export function buildMethod(config: ResolvedConfig, { student, teacher, log = () => {} }: BuildMethodOptions): Method {
  if (config.teacher && !teacher)
    throw new LadError("INVALID_ARGUMENT", "buildMethod: the configuration has a teacher, none was given");
  return config.method({ student, teacher, groups: [studentGroup(config, student, log)] });
}

function studentGroup(config: ResolvedConfig, { params }: AnyDetector, log: (message: string) => void): ParamGroup {
  const { batch, accumulate, learningRateBatch, milestones, warmup, momentum, weightDecay } = config;
  const base = scaleLearningRate(config.learningRate, {
    batch: batch * accumulate,
    referenceBatch: learningRateBatch,
    log,
  });
  const learningRate = stepSchedule({ base, milestones, warmup });
  return paramGroup({ params, optimizer: sgd({ params, learningRate, momentum, weightDecay }) });
}
