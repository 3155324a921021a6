import { accumulateColumns, type CocoResults } from "../accumulate-columns";
import { checkDetections } from "../check-detections";
import type { CocoDetections, CocoGroundTruth, CocoParameters } from "../coco-types";
import { grouping } from "../group-rows";
import { matchInputs } from "../match-inputs";
import { type ReadResult, type ReadTask, readPieces } from "./read-pieces";

/** Check some rows of the detections, and match and accumulate some columns (categories) of an evaluation. */
export type EvaluateTask = {
  readonly kind: "evaluate";
  readonly groundTruth: CocoGroundTruth;
  readonly detections: CocoDetections;
  readonly parameters: CocoParameters;
  readonly rows: readonly [start: number, end: number];
  readonly columns: readonly number[];
  /** Of all columns, in shared memory: these ones are filled in. */
  readonly results: CocoResults;
};

export type Task = ReadTask | EvaluateTask;
export type ResultOf<T extends Task> = T extends ReadTask ? ReadResult : true;

/** Does one part of the work of an evaluation; whoever does it, the numbers are the same. */
export function handleTask<T extends Task>(task: T): ResultOf<T> {
  return (task.kind === "read" ? readPieces(task) : evaluatePart(task)) as ResultOf<T>;
}

function evaluatePart({ groundTruth, detections, parameters, rows, columns, results }: EvaluateTask): true {
  checkDetections(detections, groundTruth, ...rows);
  const { imageIds, categoryIds, useCategories } = parameters;
  const groups = grouping(imageIds, categoryIds, useCategories);
  const inputs = matchInputs(groundTruth, detections, parameters, groups, columns);
  accumulateColumns(inputs, parameters, columns, results);
  return true;
}
