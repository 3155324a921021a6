import { type NdArray, ndArray } from "@lad/core";
import { accumulateColumn, type ScoreOrder } from "./accumulate-column";
import type { CocoParameters } from "./coco-types";
import { gather, gatherDoubles } from "./gather";
import type { GroupedDetections } from "./group-detections";
import { columnMatcher, type MatchInputs } from "./match-column";

/** Precision and scores `[T, R, K, A, M]`, recall `[T, K, A, M]`. */
export type CocoResults = Record<"precision" | "recall" | "scores", NdArray<Float64Array>>;

/** Matches and accumulates column after column into the `results` of all. */
export function accumulateColumns(
  inputs: MatchInputs,
  parameters: CocoParameters,
  columns: readonly number[],
  results: CocoResults,
): void {
  const count = results.recall.shape[1]!;
  const arrays = { precision: results.precision.data, recall: results.recall.data, scores: results.scores.data };
  const numberOf = new Int32Array(inputs.detections.rowOf.length);
  const match = columnMatcher(inputs);
  for (const column of columns) {
    const byScore = scoreOrder(inputs.detections, column, numberOf);
    accumulateColumn(column, count, match(column), byScore, parameters, arrays);
  }
}

/** @param numberOf room for a number for every slot: which it is in its column, in the order of `byImage`. */
function scoreOrder(
  { byImage, byScore, starts, scores }: GroupedDetections,
  column: number,
  numberOf: Int32Array,
): ScoreOrder {
  const start = starts[column]!;
  const end = starts[column + 1]!;
  for (let i = start; i < end; i++) numberOf[byImage[i]!] = i - start;
  const slots = byScore.subarray(start, end);
  return { order: gather(numberOf, slots), scores: gatherDoubles(scores, slots) };
}

/** Room for the results of all columns, in memory of the given kind. */
export function roomForResults(
  { iouThresholds, recallThresholds, areaRanges, maxDetections }: CocoParameters,
  columns: number,
  Memory: typeof ArrayBuffer | typeof SharedArrayBuffer = ArrayBuffer,
): CocoResults {
  const cells = [columns, areaRanges.length, maxDetections.length];
  const curves = [iouThresholds.length, recallThresholds.length, ...cells];
  const room = (shape: readonly number[]): NdArray<Float64Array> => {
    const bytes = Float64Array.BYTES_PER_ELEMENT * shape.reduce((product, side) => product * side, 1);
    return ndArray(new Float64Array(new Memory(bytes)), shape);
  };
  return { precision: room(curves), recall: room([iouThresholds.length, ...cells]), scores: room(curves) };
}
