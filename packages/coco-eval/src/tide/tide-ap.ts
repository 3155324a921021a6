import { countingSort } from "../counting-sort";
import { rowNumbers } from "../gather";
import { sortByScore } from "../sort-by-score";
import type { TideAp } from "./tide-types";

/** Detections that count, in the order that breaks ties between equal scores. */
export type CountedList = {
  /** Position of the class. */
  readonly classes: number[];
  readonly scores: number[];
  /** 1 = true, 0 = false. */
  readonly hits: number[];
};

/**
 * Mean of the APs of all classes that have an object or a counted detection; a class without objects is 0.
 * @param classIds by position. @param positives objects of each class.
 */
export function tideAp({ classes, scores, hits }: CountedList, classIds: Float64Array, positives: Int32Array): TideAp {
  const sorted = sortByScore(rowNumbers(scores.length), Float64Array.from(scores));
  const { rows, starts } = countingSort(sorted, Int32Array.from(classes), classIds.length);
  const perClass = new Map<number, number>();
  let sum = 0;
  for (let c = 0; c < classIds.length; c++) {
    const own = rows.subarray(starts[c]!, starts[c + 1]!);
    if (own.length === 0 && positives[c]! <= 0) continue;
    const ap = averagePrecision(own, hits, positives[c]!);
    perClass.set(classIds[c]!, ap);
    sum += ap;
  }
  return { ap: perClass.size === 0 ? -1 : sum / perClass.size, perClass };
}

/** Mean of the envelope of precision at recall 0, 1/100, … 1; 0 where the recall is not reached. */
function averagePrecision(rows: Int32Array, hits: readonly number[], positives: number): number {
  if (positives <= 0) return 0;
  const precision = new Float64Array(rows.length);
  const recall = new Float64Array(rows.length);
  for (let i = 0, found = 0; i < rows.length; i++) {
    found += hits[rows[i]!]!;
    precision[i] = found / (i + 1);
    recall[i] = found / positives;
  }
  for (let i = rows.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i]!, precision[i + 1]!);
  let sum = 0;
  for (let level = 0, at = 0; level <= 100; level++) {
    while (at < rows.length && recall[at]! < level / 100) at++;
    if (at < rows.length) sum += precision[at]!;
  }
  return sum / 101;
}
