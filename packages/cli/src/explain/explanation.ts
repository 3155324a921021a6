import type { CocoDetections, CocoEvaluation, CocoGroundTruth } from "@lad/coco-eval";
import { diagnoseErrors, type TideDiagnosis, type TideKind, tideKinds } from "@lad/coco-eval/tide";
import { type ClassRow, classRows } from "./class-rows";
import { type Confusion, confusion } from "./confusion";
import type { Curve } from "./curve-picture";
import { at50, at75, meanPrecision } from "./mean-precision";
import { type SizeRow, sizeRows } from "./size-rows";
import { type WorstImage, worstImages } from "./worst-images";

export type ErrorRow = {
  readonly kind: TideKind;
  /** AP that mending this kind alone would gain, 0…1. */
  readonly lost: number;
  readonly count: number;
  readonly fixable: number;
};

/** Everything the page shows, as data. APs are 0…1, -1 = nothing to measure. */
export type Explanation = {
  /** COCO's numbers by name. */
  readonly stats: Readonly<Record<string, number>>;
  /** TIDE's AP at IoU 0.5, and what it loses. */
  readonly tide: {
    readonly ap: number;
    readonly errors: readonly ErrorRow[];
    readonly falsePositives: number;
    readonly falseNegatives: number;
    readonly totals: TideDiagnosis["totals"];
  };
  readonly curves: readonly Curve[];
  readonly classes: readonly ClassRow[];
  readonly sizes: readonly SizeRow[];
  readonly confusion: Confusion;
  readonly worst: readonly WorstImage[];
};

/** Detections and how COCO's evaluation judged them. */
export type Explained = {
  readonly truth: CocoGroundTruth;
  readonly detections: CocoDetections;
  readonly evaluation: CocoEvaluation;
};

/** Says where judged detections fail. @throws {LadError} as `diagnoseErrors`. */
export function explanation({ truth, detections, evaluation }: Explained, worst = 12): Explanation {
  const diagnosis = diagnoseErrors(truth, detections);
  const { ap, errors, falsePositives, falseNegatives, totals } = diagnosis;
  const curve = (name: string, color: string, threshold?: number): Curve => ({
    name,
    color,
    precision: Array.from(evaluation.parameters.recallThresholds, (_, level) =>
      meanPrecision(evaluation, { level, area: 0, ...(threshold !== undefined && { threshold }) }),
    ),
  });
  return {
    stats: Object.fromEntries(evaluation.namedStats.map(({ name, value }) => [name, value])),
    tide: {
      ap,
      errors: tideKinds.map((kind) => {
        const { lost, count, fixable } = errors[kind];
        return { kind, lost, count, fixable };
      }),
      falsePositives: falsePositives.lost,
      falseNegatives: falseNegatives.lost,
      totals,
    },
    curves: [
      curve("IoU 0.50", "#2ca02c", at50),
      curve("IoU 0.75", "#1f77b4", at75),
      curve("mean of IoU 0.50 to 0.95", "#d62728"),
    ],
    classes: classRows(truth, detections, evaluation, diagnosis),
    sizes: sizeRows(truth, evaluation, diagnosis),
    confusion: confusion(truth, detections, diagnosis),
    worst: worstImages(truth, detections, diagnosis, worst),
  };
}
