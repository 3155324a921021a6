import type { CocoParameters } from "./coco-types";
import { type ColumnMatches, FALSE_POSITIVE, MIXED, TRUE_POSITIVE } from "./match-column";

/** Where the results go: `[T, R, K, A, M]`, recall `[T, K, A, M]`. */
export type ResultArrays = {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly scores: Float64Array;
};

/** A column's detections in order of score: how many, their numbers in `ColumnMatches`, and their scores. */
export type ScoreOrder = { count: number; readonly order: Int32Array; readonly scores: Float64Array };

/** numpy's spacing(1), added to the denominator of precision. */
const epsilon = 2 ** -52;

/** The true positives of one setting at every threshold: precision and score at the n-th, `[T, capacity]`. */
type Curve = {
  readonly capacity: number;
  readonly precision: Float64Array;
  readonly scores: Float64Array;
  /** True positives so far. `[T]` */
  readonly found: Int32Array;
  /** False positives so far at this threshold alone. `[T]` */
  readonly falsePositives: Int32Array;
  /** Score of the first detection, 0 if there is none. */
  firstScore: number;
};

/** Writes precision, recall and scores of one column, all area ranges, limits and thresholds; -1 where nothing is to be found. */
export type ColumnAccumulator = (column: number, matches: ColumnMatches, byScore: ScoreOrder) => void;

/**
 * Makes the function that writes the results of one of `columns` columns, each of which has at most `mostPositives` to be found.
 * Only true positives raise recall, and between two of them precision falls, so the curve is kept at the true positives alone;
 * what is a false positive at every threshold is counted once.
 */
export function columnAccumulator(
  columns: number,
  mostPositives: number,
  parameters: CocoParameters,
  results: ResultArrays,
): ColumnAccumulator {
  const { areaRanges, maxDetections, iouThresholds, recallThresholds } = parameters;
  const stride = columns * areaRanges.length * maxDetections.length;
  const curve = roomForCurve(iouThresholds.length, mostPositives);
  return (column, matches, byScore) => {
    for (let a = 0; a < areaRanges.length; a++) {
      const firstCell = (column * areaRanges.length + a) * maxDetections.length;
      const positives = matches.positives[a]!;
      if (positives === 0) {
        writeNothing(parameters, results, firstCell, stride);
        continue;
      }
      const needed = neededForRecall(recallThresholds, positives);
      for (let m = 0; m < maxDetections.length; m++) {
        traceCurve(matches, byScore, a, maxDetections[m]!, curve);
        writeCurve(curve, positives, needed, results, firstCell + m, stride);
      }
    }
  };
}

/** Writes -1 to the cells from `first` on of one area range, at every threshold. */
function writeNothing(
  { maxDetections, iouThresholds, recallThresholds }: CocoParameters,
  { precision, recall, scores }: ResultArrays,
  first: number,
  stride: number,
): void {
  const levels = iouThresholds.length * recallThresholds.length;
  const fill = (array: Float64Array, at: number) => array.fill(-1, at, at + maxDetections.length);
  for (let t = 0; t < iouThresholds.length; t++) fill(recall, t * stride + first);
  for (let level = 0; level < levels; level++) {
    fill(precision, level * stride + first);
    fill(scores, level * stride + first);
  }
}

/** True positives needed for each recall level: the smallest n with n / positives >= level, in doubles. */
function neededForRecall(levels: Float64Array, positives: number): Float64Array {
  return levels.map((level) => {
    let needed = Math.max(0, Math.ceil(level * positives) - 1);
    while (needed / positives < level) needed++;
    return needed;
  });
}

function roomForCurve(thresholds: number, capacity: number): Curve {
  return {
    capacity,
    precision: new Float64Array(thresholds * capacity),
    scores: new Float64Array(thresholds * capacity),
    found: new Int32Array(thresholds),
    falsePositives: new Int32Array(thresholds),
    firstScore: 0,
  };
}

/**
 * Walks the detections in order of score, for a curve of its own. Nothing follows the loop: V8 compiles it while it first runs,
 * and would leave that code at the end of every call for what it has not seen yet.
 */
function traceCurve(
  matches: ColumnMatches,
  { count, order, scores }: ScoreOrder,
  a: number,
  limit: number,
  curve: Curve,
): void {
  const { ranks, kinds } = matches;
  const kindsAt = a * ranks.length;
  let commonFalsePositives = 0;
  let isFirst = true;
  curve.firstScore = 0;
  curve.found.fill(0);
  curve.falsePositives.fill(0);
  for (let i = 0; i < count; i++) {
    const d = order[i]!;
    if (ranks[d]! >= limit) continue;
    if (isFirst) curve.firstScore = scores[i]!;
    isFirst = false;
    const kind = kinds[kindsAt + d]!;
    if (kind === FALSE_POSITIVE) commonFalsePositives++;
    else if (kind === MIXED) traceMixed(matches, d, a, commonFalsePositives, scores[i]!, curve);
  }
}

function traceMixed(matches: ColumnMatches, d: number, a: number, common: number, score: number, curve: Curve): void {
  const { found, falsePositives, precision, scores, capacity } = curve;
  const at = (d * matches.positives.length + a) * found.length;
  for (let t = 0; t < found.length; t++) {
    const outcome = matches.outcomes[at + t]!;
    if (outcome === FALSE_POSITIVE) falsePositives[t]!++;
    else if (outcome === TRUE_POSITIVE) {
      const n = found[t]!++;
      precision[t * capacity + n] = (n + 1) / (common + falsePositives[t]! + (n + 1) + epsilon);
      scores[t * capacity + n] = score;
    }
  }
}

/** Writes recall, precision and scores of one cell at every threshold. */
function writeCurve(
  curve: Curve,
  positives: number,
  needed: Float64Array,
  results: ResultArrays,
  cell: number,
  stride: number,
): void {
  for (let t = 0; t < curve.found.length; t++) {
    results.recall[t * stride + cell] = curve.found[t]! / positives;
    writeLevels(curve, t, needed, results, t * needed.length * stride + cell, stride);
  }
}

/** Writes the levels of one threshold from index `at` on, `stride` apart; a level out of reach and all after it get 0. */
function writeLevels(
  { capacity, precision, scores, found, firstScore }: Curve,
  t: number,
  needed: Float64Array,
  results: ResultArrays,
  at: number,
  stride: number,
): void {
  const start = t * capacity;
  const end = start + found[t]!;
  for (let i = end - 1; i > start; i--) if (precision[i]! > precision[i - 1]!) precision[i - 1] = precision[i]!;
  let reached = true;
  for (let r = 0; r < needed.length; r++) {
    const n = needed[r]!;
    reached &&= n <= found[t]!;
    const best = end > start ? precision[Math.max(start, start + n - 1)]! : 0;
    results.precision[at + r * stride] = reached ? best : 0;
    results.scores[at + r * stride] = reached ? (n === 0 ? firstScore : scores[start + n - 1]!) : 0;
  }
}
