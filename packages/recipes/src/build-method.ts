import { LadError, random } from "@lad/core";
import { type AnyDetector, freezeParams, type Method, type ParamGroup, type Params } from "@lad/tensor";
import { paramGroup, type Schedule, scaleLearningRate, sgd, stepSchedule } from "@lad/train";
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
const LABELLER_STREAM = 3;

/** The network that a configuration trains, with the initial weights of the seed. */
export function buildStudent(
  { student }: ResolvedConfig,
  { classes, seed, pretrained }: BuildNetworkOptions,
): AnyDetector {
  return student({ classes, pretrained, random: random(seed, STUDENT_STREAM) });
}

/** The configuration's teacher, all of it frozen unless the configuration trains it; nothing if it has none. */
export function buildTeacher(
  { teacher, trainsTeacher }: ResolvedConfig,
  { classes, seed, pretrained }: BuildNetworkOptions,
): AnyDetector | undefined {
  const made = teacher?.({ classes, pretrained: trainsTeacher && pretrained, random: random(seed, TEACHER_STREAM) });
  return made && (trainsTeacher ? made : { ...made, params: freezeParams(made.params) });
}

/** The network whose assignment the configuration's student learns from, frozen; nothing if it has none. */
export function buildLabeller(
  { labeller }: ResolvedConfig,
  { classes, seed }: BuildNetworkOptions,
): AnyDetector | undefined {
  const made = labeller?.({ classes, pretrained: false, random: random(seed, LABELLER_STREAM) });
  return made && { ...made, params: freezeParams(made.params) };
}

export type BuildMethodOptions = {
  readonly student: AnyDetector;
  readonly teacher?: AnyDetector | undefined;
  readonly labeller?: AnyDetector | undefined;
  /** Told in a sentence if the learning rate was scaled. */
  readonly log?: (message: string) => void;
};

/**
 * The configuration's method on its networks, with SGD and step schedule as the settings say; one group of parameters per trained network,
 * the student's first.
 * @throws {LadError} INVALID_ARGUMENT: the configuration has a teacher or a labeller and none is given.
 */
export function buildMethod(
  config: ResolvedConfig,
  { student, teacher, labeller, log = () => {} }: BuildMethodOptions,
): Method {
  for (const [name, given] of Object.entries({ teacher, labeller })) {
    if (config[name as "teacher" | "labeller"] && !given)
      throw new LadError("INVALID_ARGUMENT", `buildMethod: the configuration has a ${name}, none was given`);
  }
  const trained = config.trainsTeacher && teacher ? [student, teacher] : [student];
  const learningRate = scheduleOf(config, log);
  return config.method({
    student,
    teacher,
    labeller,
    groups: trained.map(({ params }) => groupOf(config, params, learningRate)),
  });
}

function scheduleOf(config: ResolvedConfig, log: (message: string) => void): Schedule {
  const { batch, accumulate, learningRateBatch, milestones, warmup } = config;
  const base = scaleLearningRate(config.learningRate, {
    batch: batch * accumulate,
    referenceBatch: learningRateBatch,
    log,
  });
  return stepSchedule({ base, milestones, warmup });
}

function groupOf({ momentum, weightDecay }: ResolvedConfig, params: Params, learningRate: Schedule): ParamGroup {
  return paramGroup({ params, optimizer: sgd({ params, learningRate, momentum, weightDecay }) });
}
