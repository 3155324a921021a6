import { type CocoEvaluation, evaluateCoco, readDetections, readGroundTruth } from "@lad/coco-eval";
import { LadError, type NdRecord } from "@lad/core";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { exact, type Tolerance } from "../tolerance";
import { optionsOf } from "./options";
import type { CocoRun } from "./read-case";
import { classTensors, flat } from "./tensors";

/** A small input and what the reference does with it: it fails, or gives numbers. */
export type CocoErrorCase = Pick<CocoRun, "iouType" | "paramsOverride"> & {
  readonly case: string;
  readonly gt: object;
  readonly dt: readonly object[];
  readonly error?: object;
  readonly result?: Readonly<Record<(typeof lists)[number], unknown>> & { readonly perClass: unknown };
};

const lists = ["stats", "counts", "imgIds", "catIds", "maxDets"] as const;
const meanTolerance: Tolerance = { relative: 0, ofLargest: 1e-12, floor: 1 };

/** `<case>.stats` and so on, or `<case>.refused` where the reference fails. */
export function errorTensors(cases: readonly CocoErrorCase[]): NdRecord {
  const tensors = cases.map(({ case: name, result }): NdRecord => {
    if (!result) return { [`${name}.refused`]: flat([1]) };
    const numbers = lists.map((list) => [`${name}.${list}`, flat(result[list])] as const);
    return { ...Object.fromEntries(numbers), ...classTensors(`${name}.`, result.perClass) };
  });
  return Object.assign({}, ...tensors);
}

/** Where the reference fails, ours must say why; without any detection, numbers of 0 or -1 are as good. */
export function runErrors(cases: readonly CocoErrorCase[], golden: GoldenCase, report: Report): void {
  for (const example of cases) {
    const name = example.case;
    const evaluation = evaluate(example);
    if (!example.result) {
      const said =
        LadError.is(evaluation) && /^(evaluateCoco|readDetections|readGroundTruth): /.test(evaluation.message);
      const nothing = example.dt.length === 0 && "stats" in evaluation && evaluation.stats.every((value) => value <= 0);
      report.compare("errors", `${name}.refused`, flat([Number(said || nothing)]), exact);
    } else if (evaluation instanceof Error) report.fail("errors", `${name}: ${evaluation.message}`);
    else compare(name, evaluation, golden, report);
  }
}

function evaluate(example: CocoErrorCase): CocoEvaluation | Error {
  const { iouType } = example;
  try {
    const groundTruth = readGroundTruth(example.gt, { iouType });
    const detections = readDetections(example.dt, { iouType, images: groundTruth.images });
    return evaluateCoco(groundTruth, detections, optionsOf(example));
  } catch (error) {
    return error as Error;
  }
}

function compare(name: string, evaluation: CocoEvaluation, golden: GoldenCase, report: Report): void {
  const { stats, precision, parameters, perClass } = evaluation;
  const { imageIds, categoryIds, maxDetections, useCategories } = parameters;
  report.compare("means", `${name}.stats`, flat([...stats]), meanTolerance);
  report.compare("arrays", `${name}.counts`, flat([...precision.shape]), exact);
  report.compare("arrays", `${name}.imgIds`, flat([...imageIds]), exact);
  report.compare("arrays", `${name}.catIds`, flat(useCategories ? [...categoryIds] : [-1]), exact);
  report.compare("arrays", `${name}.maxDets`, flat([...maxDetections]), exact);
  for (const { categoryId, ap, ap50, ar } of perClass) {
    const tensor = `${name}.perClass.${categoryId}`;
    if (golden.has(tensor)) report.compare("means", tensor, flat([ap, ap50, ar]), meanTolerance);
  }
}
