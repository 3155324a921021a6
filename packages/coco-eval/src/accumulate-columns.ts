import { type NdArray, ndArray } from "@lad/core";
import { columnAccumulator, type ScoreOrder } from "./accumulate-column";
import type { CocoParameters } from "./coco-types";
import { largestBucket } from "./counting-sort";
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
  const accumulate = columnAccumulator(count, largestBucket(inputs.annotations.starts), parameters, arrays);
  const match = columnMatcher(inputs);
  const order = columnOrder(inputs.detections);
  for (const column of columns) accumulate(column, match(column), order(column));
}

/** Puts column after column in order of score; each call writes to the same arrays. */
function columnOrder({ rowOf, byImage, byScore, starts, scores }: GroupedDetections): (column: number) => ScoreOrder {
  const numberOf = new Int32Array(rowOf.length); // of every slot: which it is in its column, in the order of `byImage`
  const most = largestBucket(starts);
  const sorted: ScoreOrder = { count: 0, order: new Int32Array(most), scores: new Float64Array(most) };
  return (column) => {
    const [start, end] = [starts[column]!, starts[column + 1]!];
    sorted.count = end - start;
    numberSlots(byImage, start, end, numberOf);
    gatherColumn(byScore, start, end, numberOf, scores, sorted);
    return sorted;
  };
}

function numberSlots(slots: Int32Array, start: number, end: number, numberOf: Int32Array): void {
  for (let i = start; i < end; i++) numberOf[slots[i]!] = i - start;
}

function gatherColumn(
  slots: Int32Array,
  start: number,
  end: number,
  numberOf: Int32Array,
  scoreOf: Float64Array,
  { order, scores }: ScoreOrder,
): void {
  for (let i = start; i < end; i++) {
    order[i - start] = numberOf[slots[i]!]!;
    scores[i - start] = scoreOf[slots[i]!]!;
  }
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
