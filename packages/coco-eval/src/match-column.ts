import { largestBucket } from "./counting-sort";
import type { GroupedAnnotations } from "./group-annotations";
import type { GroupedDetections } from "./group-detections";
import { type GroupMatcher, type GroupMatches, groupMatcher, type MatchRules } from "./match-group";

/** How a detection counts. */
export const IGNORED = 0;
export const FALSE_POSITIVE = 1;
export const TRUE_POSITIVE = 2;
/** Depends on the threshold: see `outcomes`. */
export const MIXED = 3;

/**
 * The detections of one column (category) after matching, in the order of `byImage`. A area ranges, N as many as the largest
 * column has detections. One object for all columns: a literal's second object widens what V8 expects of its fields, and throws
 * away all code that was compiled for the first.
 */
export type ColumnMatches = {
  /** Place among the detections of its image, from 0. `[N]` */
  readonly ranks: Int32Array;
  /** Outcome at every threshold, or MIXED; unset for those beyond the limit. `[A, N]` */
  readonly kinds: Uint8Array;
  /** Where the kind is MIXED: outcome at each threshold. `[N, A, T]` */
  readonly outcomes: Uint8Array;
  /** Annotations to be found. `[A]` */
  readonly positives: Int32Array;
};

/** Everything a column is matched from. */
export type MatchInputs = MatchRules & {
  readonly detections: GroupedDetections;
  readonly annotations: GroupedAnnotations;
  /** Detection rows in the order of `byImage`. */
  readonly detectionRows: Int32Array;
  /** In the order of `byImage`, px^2. */
  readonly detectionAreas: Float64Array;
  readonly annotationIds: ArrayLike<number>;
  /** Detections beyond this rank are dropped: the largest of `maxDetections`. */
  readonly limit: number;
};

/** Matches column after column; each call writes to the same arrays. */
export function columnMatcher(inputs: MatchInputs): (column: number) => ColumnMatches {
  const { detections, areaRanges, thresholds } = inputs;
  const match = groupMatcher(inputs);
  const count = largestBucket(detections.starts);
  const matches: ColumnMatches = {
    ranks: new Int32Array(count),
    kinds: new Uint8Array(areaRanges.length * count),
    outcomes: new Uint8Array(count * areaRanges.length * thresholds.length),
    positives: new Int32Array(areaRanges.length),
  };
  return (column) => {
    matchColumn(inputs, match, matches, column);
    return matches;
  };
}

function matchColumn(inputs: MatchInputs, match: GroupMatcher, matches: ColumnMatches, column: number): void {
  const { detections, annotations } = inputs;
  const start = detections.starts[column]!;
  const end = detections.starts[column + 1]!;
  const annotationEnd = annotations.starts[column + 1]!;
  matches.positives.fill(0);
  for (let d = start, g = annotations.starts[column]!; d < end || g < annotationEnd; ) {
    const image = Math.min(
      d < end ? detections.imageOf[detections.byImage[d]!]! : Number.POSITIVE_INFINITY,
      g < annotationEnd ? annotations.imageOf[annotations.rows[g]!]! : Number.POSITIVE_INFINITY,
    );
    const [from, annotationFrom] = [d, g];
    while (d < end && detections.imageOf[detections.byImage[d]!] === image) d++;
    while (g < annotationEnd && annotations.imageOf[annotations.rows[g]!] === image) g++;
    matchImage(inputs, match, matches, start, from, d, annotations.rows.subarray(annotationFrom, g));
  }
}

/** Matches one image of a column that starts at `start`: the detections `[from, to)` with some rows of annotations. */
function matchImage(
  inputs: MatchInputs,
  match: GroupMatcher,
  matches: ColumnMatches,
  start: number,
  from: number,
  to: number,
  rows: Int32Array,
): void {
  for (let d = from; d < to; d++) matches.ranks[d - start] = d - from;
  const kept = Math.min(to, from + inputs.limit);
  markUnmatched(inputs, matches, start, from, kept);
  if (rows.length === 0) return;
  const group = match(inputs.detectionRows.subarray(from, kept), rows);
  markMatched(inputs, matches, group, rows, from - start, kept - from);
}

/** As if no annotation were there: false positives, or ignored outside the area range. */
function markUnmatched(
  inputs: MatchInputs,
  { kinds, ranks }: ColumnMatches,
  start: number,
  from: number,
  to: number,
): void {
  const { areaRanges, detectionAreas } = inputs;
  for (let a = 0; a < areaRanges.length; a++) {
    const { min, max } = areaRanges[a]!;
    const at = a * ranks.length - start;
    for (let d = from; d < to; d++) {
      const area = detectionAreas[d]!;
      kinds[at + d] = area < min || area > max ? IGNORED : FALSE_POSITIVE;
    }
  }
}

/** Adds the matches of a group whose first detection is the column's number `first`, and counts its positives. */
function markMatched(
  { areaRanges, thresholds, annotationIds }: MatchInputs,
  { kinds, outcomes, positives, ranks }: ColumnMatches,
  { hasCandidates, matched, ignored }: GroupMatches,
  rows: Int32Array,
  first: number,
  count: number,
): void {
  const settings = areaRanges.length * thresholds.length;
  for (let a = 0; a < areaRanges.length; a++) {
    const ignoredAt = a * rows.length;
    for (let g = 0; g < rows.length; g++) positives[a]! += 1 - ignored[ignoredAt + g]!;
    for (let d = 0; d < count; d++) {
      if (hasCandidates[d] === 0) continue;
      const kindAt = a * ranks.length + first + d;
      const unmatched = kinds[kindAt]!;
      kinds[kindAt] = MIXED;
      const at = a * thresholds.length;
      for (let t = 0; t < thresholds.length; t++) {
        const g = matched[d * settings + at + t]!;
        let outcome = g < 0 ? unmatched : TRUE_POSITIVE;
        if (g >= 0 && ignored[ignoredAt + g] === 1) outcome = IGNORED;
        // pycocotools writes the id of the annotation taken, and reads 0 as "none taken"
        else if (g >= 0 && annotationIds[rows[g]!] === 0) outcome = unmatched;
        outcomes[(first + d) * settings + at + t] = outcome;
      }
    }
  }
}
