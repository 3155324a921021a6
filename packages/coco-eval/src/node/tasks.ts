import { accumulateColumns, type CocoResults } from "../accumulate-columns";
import { checkDetections } from "../check-detections";
import type { CocoDetections, CocoGroundTruth, CocoParameters } from "../coco-types";
import { grouping } from "../group-rows";
import { matchInputs } from "../match-inputs";
import { type PlaceTask, placeRows, type ReadRows } from "./place-rows";
import { type Piece, type ReadTask, readPieces } from "./read-pieces";

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

export type Task = ReadTask | PlaceTask | EvaluateTask;
export type ResultOf<T extends Task> = T extends ReadTask ? readonly Piece[] : true;
export type TaskHandler = <T extends Task>(task: T) => ResultOf<T>;

/**
 * Makes what does parts of the work of an evaluation, one after the other; whoever does them, the numbers are the same. What it
 * reads stays with it until it is told the places.
 */
export function taskHandler(): TaskHandler {
  let rows: ReadRows | undefined;
  const handle = (task: Task) => {
    if (task.kind === "evaluate") return evaluatePart(task);
    if (task.kind === "place") {
      placeRows(rows!, task);
      rows = undefined;
      return true;
    }
    const read = readPieces(task);
    rows = read.rows;
    return read.pieces;
  };
  return handle as TaskHandler;
}

/** Matches and accumulates a share of an evaluation. @throws {LadError} as `evaluateCoco`. */
export function evaluatePart({ groundTruth, detections, parameters, rows, columns, results }: EvaluateTask): true {
  checkDetections(detections, groundTruth, ...rows);
  const { imageIds, categoryIds, useCategories } = parameters;
  const groups = grouping(imageIds, categoryIds, useCategories);
  const inputs = matchInputs(groundTruth, detections, parameters, groups, columns);
  accumulateColumns(inputs, parameters, columns, results);
  return true;
}
