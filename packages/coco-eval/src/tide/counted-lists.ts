import type { TideMatches } from "./match-images";
import type { CountedList } from "./tide-ap";
import type { TideFix } from "./tide-types";

export type ListInputs = {
  readonly matches: TideMatches;
  readonly scores: ArrayLike<number>;
  /** Position of the class of each detection and annotation. */
  readonly detectionClasses: Int32Array;
  readonly annotationClasses: Int32Array;
};

/** True and false positives image by image. */
export function baseList({ matches, scores, detectionClasses }: ListInputs): CountedList {
  const list: CountedList = { classes: [], scores: [], hits: [] };
  for (const row of matches.order) {
    const hit = matches.outcomes[row] === "TP";
    if (hit || matches.ignored[row] === 0) push(list, detectionClasses[row]!, scores[row]!, hit);
  }
  return list;
}

/**
 * The list with one kind of error fixed: errors of that kind are gone or have become true, all other false positives stay. The errors come
 * before the true positives, as in tidecv, which decides between equal scores.
 */
export function fixedList(inputs: ListInputs, fix: TideFix): CountedList {
  const { matches, scores, detectionClasses, annotationClasses } = inputs;
  const { order, outcomes, ignored, owners, annotations } = matches;
  const list: CountedList = { classes: [], scores: [], hits: [] };
  const scoreOf = (row: number, hit: boolean) => (fix === "FalsePos" ? Number(hit) : scores[row]!);
  for (const row of order) {
    const kind = outcomes[row]!;
    if (kind === "TP") continue;
    if (kind !== fix) {
      if (ignored[row] === 0) push(list, detectionClasses[row]!, scoreOf(row, false), false);
    } else if (owners[row] === 1) {
      const owner = kind === "Cls" ? annotationClasses[annotations[row]!]! : detectionClasses[row]!;
      push(list, owner, scores[row]!, true);
    }
  }
  for (const row of order) if (outcomes[row] === "TP") push(list, detectionClasses[row]!, scoreOf(row, true), true);
  return list;
}

function push(list: CountedList, classPosition: number, score: number, hit: boolean): void {
  list.classes.push(classPosition);
  list.scores.push(score);
  list.hits.push(Number(hit));
}
