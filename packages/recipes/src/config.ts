import type { Random } from "@lad/core";
import type { Pipeline } from "@lad/data";
import type { AnyDetector, DetectOptions, Method, ParamGroup } from "@lad/tensor";

/** What a network is made for. */
export type NetworkContext = {
  /** Number of classes of the data set. */
  readonly classes: number;
  /** Draws the initial weights. */
  readonly random: Random;
  /** The backbone starts from given weights: what such weights want (frozen stages, stored batch norm statistics) is to be switched on. */
  readonly pretrained: boolean;
};

/** A configuration is code: networks and method are functions that assemble parts, the rest is data. */
export type Config<
  Student extends AnyDetector = AnyDetector,
  Teacher extends AnyDetector | undefined = AnyDetector | undefined,
  Labeller extends AnyDetector | undefined = AnyDetector | undefined,
> = Settings & {
  student(context: NetworkContext): Student;
  /** The second network; its weights come with `--teacher`. It is frozen unless `trainsTeacher`. */
  teacher?(context: NetworkContext): Teacher;
  /** The teacher is trained too, as CoLAD does: its parameters are a second group, and `pretrained` goes for its backbone as well. Default false. */
  readonly trainsTeacher?: boolean;
  /** Another frozen network on the student's grid, whose assignment the student learns from; its weights come with `--labeller`. */
  labeller?(context: NetworkContext): Labeller;
  method(parts: {
    readonly student: Student;
    readonly teacher: Teacher;
    readonly labeller: Labeller;
    /** The student's parameters, and with `trainsTeacher` the teacher's, each with an optimiser and schedule as the settings say. */
    readonly groups: readonly ParamGroup[];
  }): Method;
};

/** The part of a configuration that is data; `--set key=value` reaches every key of it. */
export type Settings = {
  /** The student's backbone is meant to start from ImageNet weights, given with `--init`. Default false. */
  readonly pretrained?: boolean;
  readonly pipeline: Pipeline;
  /** Images per forward pass. */
  readonly batch: number;
  /** Passes whose gradients are averaged before the optimiser steps: the same images a step with less memory. Default 1. */
  readonly accumulate?: number;
  readonly epochs: number;
  /** Highest learning rate, for `learningRateBatch` images a step. */
  readonly learningRate: number;
  /** Images a step that `learningRate` is meant for: with another `batch · accumulate` it is scaled in proportion. Default: as many as there are, no scaling. */
  readonly learningRateBatch?: number;
  /** Epochs after which the learning rate is multiplied by 0.1. Default none. */
  readonly milestones?: readonly number[];
  /** The first iterations rise linearly from `ratio` times the learning rate. Default none. */
  readonly warmup?: { readonly iterations: number; readonly ratio: number };
  /** Default 0.9. */
  readonly momentum?: number;
  /** Default 1e-4, on every trained parameter. */
  readonly weightDecay?: number;
  readonly training?: {
    /** Split of the data set. Default "train". */
    readonly split?: string;
    /** Times that an epoch goes through it. Default 1. */
    readonly repeat?: number;
    /** Train also on images that hold nothing but crowds or difficult objects, as mmdet does. Default false; images without any object are left out anyway. */
    readonly keepIgnoredOnly?: boolean;
  };
  /** Only upright or only wide images in a batch. Default false. */
  readonly groupByOrientation?: boolean;
  /** Threads that decode and prepare training images beside the training; 0: none. The numbers do not depend on it. Default 1. */
  readonly workers?: number;
  readonly validation?: {
    /** Epochs between two validations; 0 = never. Default 1. */
    readonly every?: number;
    /** Split of the data set. Default "val". */
    readonly split?: string;
    /** Images per forward pass. Default `batch`. */
    readonly batch?: number;
  };
  /** Thresholds of detection at test time; default: the detector's own. */
  readonly test?: DetectOptions;
};

/** A configuration that was checked, with every default in place. */
export type ResolvedConfig = Pick<Config, "student" | "teacher" | "labeller" | "method"> &
  Required<Pick<Config, "trainsTeacher">> &
  ResolvedSettings;

export type ResolvedSettings = Required<Omit<Settings, "training" | "validation" | "learningRateBatch">> & {
  readonly training: Required<NonNullable<Settings["training"]>>;
  readonly learningRateBatch: number;
  readonly validation: Required<NonNullable<Settings["validation"]>>;
};

/**
 * Types a configuration end to end: what `student`, `teacher` and `labeller` return is what `method` receives, so that a term which asks more of a
 * detector than it can do does not compile. Values are checked when the configuration is loaded (`resolveConfig`).
 */
export function defineConfig<
  Student extends AnyDetector,
  Teacher extends AnyDetector | undefined = undefined,
  Labeller extends AnyDetector | undefined = undefined,
>(config: Config<Student, Teacher, Labeller>): Config {
  return config as unknown as Config;
}
