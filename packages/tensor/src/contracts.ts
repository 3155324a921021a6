import type {
  AnchorGrid,
  Assignment,
  Detections,
  Batch as HostBatch,
  ImageSizes,
  NdRecord,
  PreAssignment,
  Progress,
} from "@lad/core";
import type { Scalar, Tensor3D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import type { Params } from "./params";
import type { Gradients, Tape } from "./tape";

/** A batch whose images are on the device. */
export type Batch = HostBatch<Tensor4D>;
/** Named scalars; their plain sum is what is minimised. */
export type Losses = Readonly<Record<string, Scalar>>;
/** Numbers that are logged only. */
export type Metrics = Readonly<Record<string, number>>;
/** `train`: batch norm uses and moves batch statistics; `eval`: stored statistics. */
export type Mode = "train" | "eval";
/** What must survive a resume besides parameters. */
export type State = { save(): NdRecord | Promise<NdRecord>; load(record: NdRecord): void };

/** Anything with named parameters. */
export type Network = { readonly name: string; readonly params: Params; readonly state?: State };

export type DetectOptions = {
  /** Strict lower bound of a detection's score. */
  readonly scoreThreshold?: number;
  /** IoU above which the lower-scored of two boxes of a class is suppressed. */
  readonly iouThreshold?: number;
  /** Best anchors per level that go on to suppression. */
  readonly perLevel?: number;
  /** Best detections kept per image. */
  readonly perImage?: number;
  /**
   * Refine kept boxes by voting: `score` as PAA does after suppression by IoU, `clusterDiou` as LD does after Cluster-DIoU suppression; `true`: the detector's own
   * kind.
   */
  readonly voting?: boolean | "score" | "clusterDiou";
  /** Boxes in pixels of the original file (true) or of the resized image. */
  readonly rescale?: boolean;
};

export type Detector<Features, Out, Targets = Assignment> = Network & {
  readonly anchors?: AnchorGrid;
  /** Backbone and pyramid; `images` `[B, H, W, 3]`. */
  features(images: Tensor4D, mode?: Mode): Features;
  /** Head; `Out` owns the features it needs later. */
  predict(features: Features): Out;
  /** What every anchor is to learn; host side. */
  assign(out: Out, batch: Batch): Promise<Targets>;
  /** Named scalars, names as in the reference. */
  loss(out: Out, targets: Targets, batch: Batch): Losses;
  detect(out: Out, sizes: readonly ImageSizes[], options?: DetectOptions): Promise<Detections[]>;
};

// What a distillation term may ask of a detector besides, by type and never by name.

/** Assigns by comparing a cost per candidate; `assign` is the composition of the three. CoLAD mixes two networks' costs. */
export type CostAssigned<Out> = {
  preAssign(out: Out, batch: Batch): PreAssignment;
  /** Per image, the cost of every candidate. */
  costs(out: Out, pre: PreAssignment): Promise<Float32Array[]>;
  separate(pre: PreAssignment, costs: readonly Float32Array[]): Assignment;
};
/** What a head says of classes, per level `[B, H·W·A, C]`: logits whose sigmoid is the probability, or probabilities themselves. */
export type HasClasses<Out> = {
  readonly classForm: "logits" | "probabilities";
  classes(out: Out): readonly Tensor3D[];
};
/** Class logits per level `[B, H·W·A, C]`, also of a detector whose `classes` are probabilities made of them and of something else. */
export type HasClassLogits<Out> = { classLogits(out: Out): readonly Tensor3D[] };
/**
 * Decoded boxes per level, `[B, H·W·A, 4]` xyxy px, clipped to the images if their sizes are given; IoU or centre-ness logit
 * `[B, H·W·A, 1]`, by a detector that predicts one.
 */
export type HasBoxes<Out> = {
  boxes(out: Out, clip?: readonly ImageSizes[]): readonly Tensor3D[];
  readonly quality?: (out: Out) => readonly Tensor3D[];
};
/** Logits of discretised box distributions per level, `[B, H·W·A, 4·bins]`. */
export type HasDistributions<Out> = { readonly binCount: number; boxDistributions(out: Out): readonly Tensor3D[] };
/** Feature maps as a list: imitation reads them, LGD runs the student's head on others. */
export type HasLevels<Features> = {
  levels(features: Features): readonly Tensor4D[];
  fromLevels(levels: readonly Tensor4D[]): Features;
};

export type Optimizer = {
  /** Updates the variables that have a gradient, in place. */
  step(gradients: Gradients, at: Progress): void;
  learningRate(at: Progress): number;
  readonly state: State;
  dispose(): void;
};
export type ParamGroup = {
  readonly params: Params;
  readonly optimizer: Optimizer;
  /** Variables that take gradients now. */
  trainable(at: Progress): readonly Variable[];
};
export type Method = {
  readonly name: string;
  /** By checkpoint prefix; a detector among them is testable by name, `student` is what is exported. */
  readonly networks: Readonly<Record<string, Network>>;
  readonly groups: readonly ParamGroup[];
  readonly state?: State;
  step(tape: Tape, batch: Batch, at: Progress): Promise<{ losses: Losses; metrics: Metrics }>;
};

// biome-ignore lint/suspicious/noExplicitAny: a list of teachers of different kinds
export type AnyDetector = Detector<any, any, any>;
export type Forward<Features, Out> = { readonly features: Features; readonly out: Out };
export type TermContext<Features, Out> = {
  readonly batch: Batch;
  readonly at: Progress;
  readonly student: Forward<Features, Out>;
  /** The forward of one of the method's teachers, shared by all terms that name it. */
  of<TeacherFeatures, TeacherOut, Targets>(
    teacher: Detector<TeacherFeatures, TeacherOut, Targets>,
  ): Forward<TeacherFeatures, TeacherOut>;
};
/** A piece of a one-student method. */
export type Term<Features, Out, Prepared = unknown> = {
  readonly name: string;
  /** Terms naming the same teacher share its forward. */
  readonly teachers: readonly AnyDetector[];
  /** Networks of the term's own that train beside the student (an adapter), by checkpoint prefix; whoever builds the method gives their parameters a group. */
  readonly networks?: Readonly<Record<string, Network>>;
  /** The student's labels; at most one term of a method has it. */
  assign?(context: TermContext<Features, Out>): Promise<Assignment>;
  /** Host work between the forwards and the losses. */
  prepare?(context: TermContext<Features, Out>, targets: Assignment | undefined): Promise<Prepared>;
  loss?(context: TermContext<Features, Out>, targets: Assignment | undefined, prepared: Prepared): Losses;
  /** Numbers for the log. */
  metrics?(prepared: Prepared): Metrics;
  /** `drop`: the student's own ground-truth loss is not used. */
  readonly base?: "keep" | "drop";
};
