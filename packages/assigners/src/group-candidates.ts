import { LadError } from "@lad/core";

/** The candidates of one image, sorted by ground truth, then level, then anchor. */
export type CandidateGroups = {
  /** 1 + the largest ground truth that has a candidate. */
  readonly gts: number;
  readonly levels: number;
  /** Positions in the list of candidates, group after group. */
  readonly order: Int32Array;
  /** [gts · levels + 1]: group (gt, level) is `order[starts[g]] … order[starts[g + 1] - 1]` with g = gt · levels + level. */
  readonly starts: Int32Array;
};

/**
 * Sorts the pre-assigned candidates of an image into groups of one ground truth and one level: what a cost is ranked within.
 * @param candidates [n] anchor indices, ascending. @param matchedGt [n] ground truth of each, >= 0. @param levelSizes anchors of each level.
 * @throws {LadError} SHAPE_MISMATCH; INVALID_ARGUMENT if a candidate lies beyond the last level or they do not ascend.
 */
export function groupCandidates(
  candidates: Int32Array,
  matchedGt: Int32Array,
  levelSizes: ArrayLike<number>,
): CandidateGroups {
  const count = candidates.length;
  if (matchedGt.length !== count) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `groupCandidates: ${count} candidates, got the ground truth of ${matchedGt.length}`,
    );
  }
  const levels = levelSizes.length;
  const gts = matchedGt.reduce((most, gt) => Math.max(most, gt), -1) + 1;
  const groups = new Int32Array(count);
  const starts = new Int32Array(gts * levels + 1);
  let level = 0;
  let end = levelSizes[0] ?? 0;
  for (let at = 0; at < count; at++) {
    while (level < levels && candidates[at]! >= end) end += levelSizes[++level] ?? 0;
    if (level === levels || (at > 0 && candidates[at]! <= candidates[at - 1]!)) {
      throw new LadError(
        "INVALID_ARGUMENT",
        `groupCandidates: candidates must ascend and stay below ${end} anchors, got ${candidates[at]} at ${at}`,
      );
    }
    groups[at] = matchedGt[at]! * levels + level;
    starts[groups[at]! + 1]!++;
  }
  for (let group = 0; group < gts * levels; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) order[next[groups[at]!]!++] = at;
  return { gts, levels, order, starts };
}
