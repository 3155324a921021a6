import { type CocoDetections, type CocoEvaluation, type CocoGroundTruth, evaluateCoco } from "@lad/coco-eval";
import { table } from "../terminal/table";

/** The twelve numbers of COCO's evaluation (0…1; -1 = nothing to measure) and those of every class. Stable: what `--json` writes. */
export type CocoMetrics = {
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly APs: number;
  readonly APm: number;
  readonly APl: number;
  readonly AR1: number;
  readonly AR10: number;
  readonly AR100: number;
  readonly ARs: number;
  readonly ARm: number;
  readonly ARl: number;
  readonly classes: readonly { readonly name: string; readonly AP: number; readonly AP50: number }[];
  readonly images: number;
  readonly detections: number;
};

const NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"] as const;

export type CocoMetricsOptions = {
  /** Only these categories count; default all of the ground truth. */
  readonly categoryIds?: readonly number[];
  /** Only these images count; default all of the ground truth. */
  readonly imageIds?: readonly number[];
};

export function cocoMetrics(
  truth: CocoGroundTruth,
  detections: CocoDetections,
  options: CocoMetricsOptions = {},
): CocoMetrics {
  return numbersOf(evaluateCoco(truth, detections, options), detections) as CocoMetrics;
}

/** What `lad eval coco --json` writes of any kind of evaluation: of keypoints the ten numbers that COCO has for them. */
export function numbersOf({ namedStats, perClass, parameters }: CocoEvaluation, detections: CocoDetections): object {
  return {
    ...Object.fromEntries(namedStats.map(({ name, value }) => [name.replace("@", ""), value])),
    classes: perClass.map(({ name, ap, ap50 }) => ({ name, AP: ap, AP50: ap50 })),
    images: parameters.imageIds.length,
    detections: detections.scores.length,
  };
}

/** In per cent, as papers print it. */
export function percent(value: number): string {
  return value < 0 ? "-" : (value * 100).toFixed(1);
}

export function metricsTable(metrics: CocoMetrics): string {
  const overall = table(["", ...NAMES], [["all", ...NAMES.map((name) => percent(metrics[name]))]]);
  const classes = metrics.classes.map(({ name, AP, AP50 }) => [name, percent(AP), percent(AP50)]);
  return `${overall}\n\n${table(["class", "AP", "AP50"], classes)}`;
}
