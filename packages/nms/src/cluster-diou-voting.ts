import { iouAt } from "@lad/boxes";
import type { Detections } from "@lad/core";
import { checkInput } from "./check-input";
import { type ClusterDiouOptions, distancePenalty } from "./cluster-diou-nms";
import { orderByScore } from "./order-by-score";
import { shiftByClass } from "./shift-by-class";
import { checkKept, votedDetections, votersByClass } from "./votes";

export type ClusterDiouVotingOptions = ClusterDiouOptions & {
  /** Candidates vote if their overlap with the kept box is strictly greater. */
  readonly overlapThreshold?: number;
  /** Width of the votes' weight in overlap, squared: exp(-(1 - overlap)^2 / sigma). */
  readonly sigma?: number;
};

/**
 * Moves every kept box to the mean of itself and the worse candidates of its class close around it, weighted by
 * score · exp(-(1 - overlap)^2 / sigma), overlap = IoU - (rho² / (c² + 1e-7))^beta. Scores stay; a box without area stays where it is.
 * @param kept indices among `candidates`: what `clusterDiouNms` gives. @param candidates as `multiclassNms` returns them.
 * @returns one detection per kept index, in their order.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows the voting of `voting_cluster_diounms` of the LD repository (arXiv:2102.12252 §4.4), which lets all other candidates vote with a
 * weight of e^-40: less than float32 can tell, left out here.
 */
export function clusterDiouVoting(
  kept: Int32Array,
  candidates: Detections,
  { overlapThreshold = 0.7, sigma = 0.025, beta = 0.8, classOffset }: ClusterDiouVotingOptions = {},
): Detections {
  checkInput("clusterDiouVoting", candidates);
  checkKept("clusterDiouVoting", kept, candidates);
  const shifted = classOffset !== undefined;
  const boxes = (shifted ? shiftByClass(candidates.boxes, candidates.labels, classOffset) : candidates.boxes).data;
  const labels = shifted ? new Int32Array(candidates.labels.length) : candidates.labels;
  const order = orderByScore(candidates.scores);
  const voters = votersByClass(labels, order, kept);
  const rankOf = new Int32Array(order.length);
  for (const list of voters.values()) for (let rank = 0; rank < list.length; rank++) rankOf[list[rank]!] = rank;
  const penalty = distancePenalty("clusterDiouVoting", beta);
  return votedDetections(kept, candidates, {
    votersOf: (index) => voters.get(labels[index]!)!.slice(rankOf[index]!),
    weightOf(index, voter) {
      const iou = iouAt(boxes, index * 4, boxes, voter * 4, 0);
      if (!(iou > overlapThreshold)) return 0;
      const overlap = Math.fround(iou - penalty(boxes, index * 4, boxes, voter * 4));
      return overlap > overlapThreshold ? Math.exp(-((1 - overlap) ** 2) / sigma) : 0;
    },
  });
}
