import type { Similarity } from "./box-similarity";
import type { AreaRange } from "./coco-types";

/** What groups are matched by. */
export type MatchRules = {
  readonly similarity: Similarity;
  readonly annotationAreas: Float64Array;
  /** 1 = may be taken by any number of detections. Per annotation row. */
  readonly isCrowd: Uint8Array;
  /** 1 = need not be found in any area range: crowds, and objects without labelled keypoints. Per annotation row. */
  readonly isIgnored: Uint8Array;
  readonly thresholds: Float64Array;
  readonly areaRanges: readonly AreaRange[];
};

/** The matches of one group. The arrays are used again for the next group, and may be longer than said. */
export type GroupMatches = {
  /** `[D, G]` */
  readonly similarities: Float64Array;
  /** 1 = need not be found in this area range. `[A, G]` */
  readonly ignored: Uint8Array;
  /** 1 = some annotation reaches the lowest threshold. `[D]` */
  readonly hasCandidates: Uint8Array;
  /** Position of the annotation taken, -1 = none; unset without candidates. `[D, A, T]` */
  readonly matched: Int32Array;
};

/** Matches rows of detections (best score first) with rows of annotations (in file order) of one image and column. */
export type GroupMatcher = (detectionRows: Int32Array, annotationRows: Int32Array) => GroupMatches;

/**
 * pycocotools' greedy matching for all area ranges and thresholds at once. Detections choose in order of score: the
 * annotation of highest IoU that reaches min(threshold, 1 - 1e-10) and is free or a crowd; the later one of equals; an
 * ignored one only if no other is left.
 */
export function groupMatcher(rules: MatchRules): GroupMatcher {
  const thresholds = rules.thresholds.map((threshold) => Math.min(threshold, 1 - 1e-10));
  const lowest = thresholds.reduce((a, b) => Math.min(a, b));
  const areaCount = rules.areaRanges.length;
  const settings = areaCount * thresholds.length;
  let detectionRoom = 0;
  let annotationRoom = 0;
  let similarities = new Float64Array(0);
  let hasCandidates = new Uint8Array(0);
  let matched = new Int32Array(0);
  let ignored = new Uint8Array(0);
  let taken = new Uint8Array(0); // [A, T, G]
  let candidates = new Int32Array(0);
  const reserve = (detections: number, annotations: number) => {
    if (detections > detectionRoom) {
      detectionRoom = 2 * detections;
      hasCandidates = new Uint8Array(detectionRoom);
      matched = new Int32Array(detectionRoom * settings);
    }
    if (annotations > annotationRoom) {
      annotationRoom = 2 * annotations;
      ignored = new Uint8Array(annotationRoom * areaCount);
      taken = new Uint8Array(annotationRoom * settings);
      candidates = new Int32Array(annotationRoom);
    } else taken.fill(0, 0, annotations * settings);
    if (similarities.length < detections * annotations) similarities = new Float64Array(2 * detections * annotations);
  };
  const matchDetection = (d: number, candidateCount: number, highest: number, rows: Int32Array) => {
    const group = { similarities, at: d * rows.length, candidates, candidateCount, rows, isCrowd: rules.isCrowd };
    for (let a = 0; a < areaCount; a++) {
      for (let t = 0; t < thresholds.length; t++) {
        const setting = a * thresholds.length + t;
        const takenAt = setting * rows.length;
        const isOut = highest < thresholds[t]!; // of reach for all of them; not so for NaN
        const g = isOut ? -1 : choose(group, thresholds[t]!, ignored, a * rows.length, taken, takenAt);
        matched[d * settings + setting] = g;
        if (g >= 0) taken[takenAt + g] = 1;
      }
    }
  };
  return (detectionRows, annotationRows) => {
    reserve(detectionRows.length, annotationRows.length);
    rules.similarity(detectionRows, annotationRows, similarities);
    flagIgnored(rules, annotationRows, ignored);
    for (let d = 0; d < detectionRows.length; d++) {
      let count = 0;
      let highest = Number.NEGATIVE_INFINITY;
      for (let g = 0; g < annotationRows.length; g++) {
        const similarity = similarities[d * annotationRows.length + g]!;
        if (similarity < lowest) continue;
        candidates[count++] = g;
        highest = Math.max(highest, similarity);
      }
      hasCandidates[d] = Number(count > 0);
      if (count > 0) matchDetection(d, count, highest, annotationRows);
    }
    return { similarities, ignored, hasCandidates, matched };
  };
}

/** Writes `[A, G]`: what is ignored anyway, and annotations outside the area range, need not be found. */
function flagIgnored(
  { annotationAreas, isIgnored, areaRanges }: MatchRules,
  rows: Int32Array,
  ignored: Uint8Array,
): void {
  let at = 0;
  for (const { min, max } of areaRanges) {
    for (let g = 0; g < rows.length; g++) {
      const area = annotationAreas[rows[g]!]!;
      ignored[at++] = Number(isIgnored[rows[g]!] === 1 || area < min || area > max);
    }
  }
}

type Choice = {
  readonly similarities: Float64Array;
  /** Where the detection's row of similarities starts. */
  readonly at: number;
  readonly candidates: Int32Array;
  readonly candidateCount: number;
  readonly rows: Int32Array;
  readonly isCrowd: Uint8Array;
};

function choose(
  { similarities, at, candidates, candidateCount, rows, isCrowd }: Choice,
  threshold: number,
  ignored: Uint8Array,
  ignoredAt: number,
  taken: Uint8Array,
  takenAt: number,
): number {
  let best = threshold;
  let chosen = -1;
  for (let wanted = 0; wanted < 2 && chosen < 0; wanted++) {
    for (let i = 0; i < candidateCount; i++) {
      const g = candidates[i]!;
      if (ignored[ignoredAt + g] !== wanted || (taken[takenAt + g] === 1 && isCrowd[rows[g]!] === 0)) continue;
      const similarity = similarities[at + g]!;
      if (similarity < best) continue;
      best = similarity;
      chosen = g;
    }
  }
  return chosen;
}
