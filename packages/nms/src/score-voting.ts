import { countBoxes, iouAt } from "@lad/boxes";
import { type Detections, LadError } from "@lad/core";
import { gatherDetections } from "./multiclass-nms";

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
  const count = countBoxes(candidates.boxes, "scoreVoting", "candidates.boxes");
  const outside = kept.find((index) => index < 0 || index >= count);
  if (outside !== undefined) {
    throw new LadError("INVALID_ARGUMENT", `scoreVoting: kept must index the ${count} candidates, got ${outside}`);
  }
  const order = kept
    .slice()
    .fill(0)
    .map((_, rank) => rank);
  order.sort((a, b) => candidates.labels[kept[a]!]! - candidates.labels[kept[b]!]! || a - b);
  const sorted = order.map((rank) => kept[rank]!);
  const voters = votersByClass(candidates, sorted);
  const voted = gatherDetections(candidates, sorted);
  for (let row = 0; row < sorted.length; row++) {
    vote(voted.boxes.data, row * 4, candidates, voters.get(voted.labels[row]!)!, Math.fround(iouThreshold), sigma);
  }
  return voted;
}

/** Indices of the candidates of each class that has a kept box. */
function votersByClass({ labels }: Detections, kept: Int32Array): Map<number, number[]> {
  const voters = new Map<number, number[]>();
  for (const index of kept) voters.set(labels[index]!, []);
  for (let index = 0; index < labels.length; index++) voters.get(labels[index]!)?.push(index);
  return voters;
}

/** Replaces the box at `box[at..at+3]` by the vote, if there is one. */
function vote(
  box: Float32Array,
  at: number,
  { boxes, scores }: Detections,
  voters: readonly number[],
  iouThreshold: number,
  sigma: number,
): void {
  let total = 0;
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (const voter of voters) {
    const iou = iouAt(box, at, boxes.data, voter * 4, eps);
    if (!(iou > iouThreshold)) continue;
    const weight = Math.exp(-((1 - iou) ** 2) / sigma) * scores[voter]!;
    total += weight;
    for (let side = 0; side < 4; side++) sums[side]! += weight * boxes.data[voter * 4 + side]!;
  }
  if (total > 0) for (let side = 0; side < 4; side++) box[at + side] = sums[side]! / total;
}
