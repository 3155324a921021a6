import { LadError } from "@lad/core";
import { candidatePool } from "./candidate-pool";
import { fitGaussianMixture, type GaussianMixture } from "./fit-gaussian-mixture";
import { groupCandidates } from "./group-candidates";
import { separateByMixture } from "./separate-by-mixture";

/** How one ground truth's candidates were split. */
export type GtSeparation = {
  readonly gt: number;
  /** Positions in the image's list of candidates, by ascending cost: the pool the mixture was fitted to. */
  readonly pool: Int32Array;
  /** Anchor of each in the pool. */
  readonly anchors: Int32Array;
  readonly costs: Float32Array | Float64Array;
  readonly mixture: GaussianMixture;
  /** How many became positives. */
  readonly kept: number;
};

export type PaaSeparation = {
  /** Positions (in the list of candidates) of the positives, ground truth after ground truth, by ascending cost. */
  readonly positives: Int32Array;
  /** One entry per ground truth with at least two candidates in its pool. */
  readonly separations: readonly GtSeparation[];
};

export type SeparatePaaInput = {
  /** [n] anchor indices of the pre-assigned positives of one image, ascending. */
  readonly candidates: Int32Array;
  /** [n] ground truth of each. */
  readonly matchedGt: Int32Array;
  /** [n] cost of each; no gradient flows through it. In double the mixture is fitted in double, see `fitGaussianMixture`. */
  readonly costs: Float32Array | Float64Array;
  /** Anchors of each level, fine to coarse. */
  readonly levelSizes: ArrayLike<number>;
  /** Candidates a ground truth may enter from each level. */
  readonly topk?: number;
};

/**
 * PAA's re-assignment of one image: per ground truth, the `topk` cheapest candidates of every level make a pool, a mixture of two
 * Gaussians is fitted to its costs, and the cheap component's candidates up to the likeliest are the positives.
 * A pool of fewer than two gives none. Equal costs rank by lower anchor.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT; NON_FINITE if a cost is NaN or infinite.
 * Follows arXiv:2007.08103 as in mmdet 2.10 `PAAHead.paa_reassign`.
 */
export function separatePaa({ candidates, matchedGt, costs, levelSizes, topk = 9 }: SeparatePaaInput): PaaSeparation {
  if (costs.length !== candidates.length) {
    throw new LadError("SHAPE_MISMATCH", `separatePaa: ${candidates.length} candidates, got ${costs.length} costs`);
  }
  if (!(Number.isInteger(topk) && topk > 0)) {
    throw new LadError("INVALID_ARGUMENT", `separatePaa: topk must be a positive integer, got ${topk}`);
  }
  const wrong = costs.findIndex((cost) => !Number.isFinite(cost));
  if (wrong >= 0) {
    throw new LadError(
      "NON_FINITE",
      `separatePaa: cost ${wrong} of ${costs.length} is ${costs[wrong]}: the network that assigns has diverged`,
    );
  }
  const groups = groupCandidates(candidates, matchedGt, levelSizes);
  const buffer = new Int32Array(groups.levels * topk);
  const separations: GtSeparation[] = [];
  const positives: number[] = [];
  for (let gt = 0; gt < groups.gts; gt++) {
    const pool = candidatePool(gt, groups, costs, topk, buffer);
    if (pool.length < 2) continue;
    const sorted = costs instanceof Float64Array ? new Float64Array(pool.length) : new Float32Array(pool.length);
    pool.forEach((position, rank) => {
      sorted[rank] = costs[position]!;
    });
    const mixture = fitGaussianMixture(sorted);
    const kept = separateByMixture(mixture);
    for (const rank of kept) positives.push(pool[rank]!);
    const anchors = pool.map((position) => candidates[position]!);
    separations.push({ gt, pool, anchors, costs: sorted, mixture, kept: kept.length });
  }
  return { positives: Int32Array.from(positives), separations };
}
