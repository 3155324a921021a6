import { type NdArray, ndArray } from "@lad/core";
import { accumulateColumn } from "./accumulate-column";
import type { CocoParameters } from "./coco-types";
import { gather, gatherDoubles } from "./gather";
import { columnMatcher, type MatchInputs } from "./match-column";

/** Precision and scores `[T, R, K, A, M]`, recall `[T, K, A, M]`. */
export type CocoResults = Record<"precision" | "recall" | "scores", NdArray<Float64Array>>;

/** Matches and accumulates column after column into the `results` of all. `scores` are those of the detection rows. */
export function accumulateColumns(
  inputs: MatchInputs,
  scores: Float64Array,
  parameters: CocoParameters,
  columns: readonly number[],
  results: CocoResults,
): void {
  const count = results.recall.shape[1]!;
  const arrays = { precision: results.precision.data, recall: results.recall.data, scores: results.scores.data };
  const { byImage, byScore, starts, rowOf } = inputs.detections;
  const numberOf = new Int32Array(rowOf.length); // of a slot in its column, in the order of byImage
  const match = columnMatcher(inputs);
  for (const column of columns) {
    const start = starts[column]!;
    const end = starts[column + 1]!;
    for (let i = start; i < end; i++) numberOf[byImage[i]!] = i - start;
    const slots = byScore.subarray(start, end);
    const byScoreOrder = { order: gather(numberOf, slots), scores: gatherDoubles(scores, gather(rowOf, slots)) };
    accumulateColumn(column, count, match(column), byScoreOrder, parameters, arrays);
  }
}

/** Results of nothing: all -1. */
export function emptyResults(
  { iouThresholds, recallThresholds, areaRanges, maxDetections }: CocoParameters,
  columns: number,
): CocoResults {
  const cells = [columns, areaRanges.length, maxDetections.length];
  const curves = [iouThresholds.length, recallThresholds.length, ...cells];
  return { precision: filled(curves), recall: filled([iouThresholds.length, ...cells]), scores: filled(curves) };
}

function filled(shape: readonly number[]): NdArray<Float64Array> {
  return ndArray(new Float64Array(shape.reduce((product, side) => product * side, 1)).fill(-1), shape);
}
