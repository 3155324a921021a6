import { iouAt } from "@lad/boxes";
import type { Detections } from "@lad/core";
import { checkKept, votedDetections, votersByClass } from "./votes";

export type ScoreVotingOptions = {
  /** Candidates vote if their IoU with the kept box is strictly greater. */
  readonly iouThreshold?: number;
  /** Width of the votes' weight in IoU, squared: exp(-(1 - IoU)^2 / sigma). */
  readonly sigma?: number;
};

const eps = Math.fround(1e-6);

/**
 * Moves every kept box to the mean of its class's candidates around it, weighted by score · exp(-(1 - IoU)^2 / sigma). Scores stay.
 * A box without area has IoU 0 even with itself: nobody votes and it stays where it is (the reference returns NaN).
 * @param kept indices among `candidates`, in descending score. @param candidates as `multiclassNms` returns them.
 * @returns one detection per kept index: classes ascending, inside a class in the order of `kept` (the reference's order).
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows PAA's score voting (arXiv:2007.08103 §3.3) as in mmdet 2.10 `PAAHead.score_voting`.
 */
export function scoreVoting(
  kept: Int32Array,
  candidates: Detections,
  { iouThreshold = 0.01, sigma = 0.025 }: ScoreVotingOptions = {},
): Detections {
  checkKept("scoreVoting", kept, candidates);
  const { labels, boxes } = candidates;
  const order = kept
    .slice()
    .fill(0)
    .map((_, rank) => rank);
  order.sort((a, b) => labels[kept[a]!]! - labels[kept[b]!]! || a - b);
  const sorted = order.map((rank) => kept[rank]!);
  const voters = votersByClass(labels, Int32Array.from(labels.keys()), sorted);
  const threshold = Math.fround(iouThreshold);
  return votedDetections(sorted, candidates, {
    votersOf: (index) => voters.get(labels[index]!)!,
    weightOf(index, voter) {
      const iou = iouAt(boxes.data, index * 4, boxes.data, voter * 4, eps);
      return iou > threshold ? Math.exp(-((1 - iou) ** 2) / sigma) : 0;
    },
  });
}
