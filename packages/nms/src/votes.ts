import { countBoxes } from "@lad/boxes";
import { type Detections, LadError } from "@lad/core";
import { gatherDetections } from "./gather-detections";

/** Who votes on where a kept candidate lies; all are indices among the candidates. */
export type Votes = {
  /** Those that may. */
  votersOf(kept: number): ArrayLike<number>;
  /** Weight of a vote, the voter's score not counted; 0: it has none. */
  weightOf(kept: number, voter: number): number;
};

/**
 * Kept candidates moved to the mean of their voters, weighted by weight · score. Where nobody votes a box stays.
 * @returns one detection per kept index, in their order.
 */
export function votedDetections(kept: Int32Array, candidates: Detections, { votersOf, weightOf }: Votes): Detections {
  const voted = gatherDetections(candidates, kept);
  const { data } = candidates.boxes;
  for (let row = 0; row < kept.length; row++) {
    const voters = votersOf(kept[row]!);
    let total = 0;
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    for (let i = 0; i < voters.length; i++) {
      const voter = voters[i]!;
      const weight = weightOf(kept[row]!, voter) * candidates.scores[voter]!;
      if (!(weight > 0)) continue;
      total += weight;
      for (let side = 0; side < 4; side++) sums[side]! += weight * data[voter * 4 + side]!;
    }
    if (total > 0) for (let side = 0; side < 4; side++) voted.boxes.data[row * 4 + side] = sums[side]! / total;
  }
  return voted;
}

/** Those of the candidates `order` whose class a kept one has, by class, in that order. */
export function votersByClass(labels: Int32Array, order: Int32Array, kept: Int32Array): Map<number, number[]> {
  const voters = new Map<number, number[]>();
  for (const index of kept) voters.set(labels[index]!, []);
  for (const index of order) voters.get(labels[index]!)?.push(index);
  return voters;
}

/** @throws {LadError} SHAPE_MISMATCH for the candidates' boxes, INVALID_ARGUMENT for a kept index that is not among them. */
export function checkKept(where: string, kept: Int32Array, { boxes }: Detections): void {
  const count = countBoxes(boxes, where, "candidates.boxes");
  const outside = kept.find((index) => index < 0 || index >= count);
  if (outside === undefined) return;
  throw new LadError("INVALID_ARGUMENT", `${where}: kept must index the ${count} candidates, got ${outside}`);
}
