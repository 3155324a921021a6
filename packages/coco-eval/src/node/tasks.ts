import { accumulateColumns, type CocoResults } from "../accumulate-columns";
import { checkDetections } from "../check-detections";
import type { CocoDetections, CocoGroundTruth, CocoIouType, CocoParameters } from "../coco-types";
import { type DetectionSource, detectionPart } from "../detection-part";
import { grouping } from "../group-rows";
import { expectByte, jsonError, peekBeyond } from "../json-cursor";
import { matchInputs } from "../match-inputs";
import { scanRecordsUntil } from "../scan-records";
import { fileCursor } from "./file-cursor";
import { withFile } from "./open-file";

/** Read the detections that begin in bytes `[start, end)` of a file; a detection begins at `start`. */
export type ReadTask = {
  readonly kind: "read";
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly iouType: CocoIouType;
  readonly source: DetectionSource;
};

/** What was read, and where the next detection begins; -1 if the list, and the file, ends there. */
export type ReadResult = {
  readonly detections: CocoDetections & { readonly boxes: Float64Array };
  readonly next: number;
};

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
  return (task.kind === "read" ? readPart(task) : evaluatePart(task)) as ResultOf<T>;
}

function readPart({ file, start, end, iouType, source }: ReadTask): ReadResult {
  const part = detectionPart(iouType, undefined, source);
  return withFile(file, (descriptor) => {
    const cursor = fileCursor(descriptor, start);
    peekBeyond(cursor);
    const next = scanRecordsUntil(cursor, part.sink, end);
    if (next < 0) {
      expectByte(cursor, 0x5d);
      if (peekBeyond(cursor) !== -1) throw jsonError(cursor, "wanted the end after the list");
    }
    return { detections: part.finish(), next };
  });
}

function evaluatePart({ groundTruth, detections, parameters, rows, columns, results }: EvaluateTask): true {
  checkDetections(detections, groundTruth, ...rows);
  const { imageIds, categoryIds, useCategories } = parameters;
  const groups = grouping(imageIds, categoryIds, useCategories);
  const inputs = matchInputs(groundTruth, detections, parameters, groups, columns);
  accumulateColumns(inputs, detections.scores, parameters, columns, results);
  return true;
}
