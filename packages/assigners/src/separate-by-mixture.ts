import type { GaussianMixture } from "./fit-gaussian-mixture";

/**
 * Which of the sorted costs become positives: the members of component 0, by ascending cost, up to and including the one most
 * likely under the whole mixture (the first of equals). None if component 0 is empty.
 * @returns [kept] positions in the costs the mixture was fitted to, ascending.
 * Follows mmdet 2.10 `PAAHead.gmm_separation_scheme`.
 */
export function separateByMixture({ labels, scores }: GaussianMixture): Int32Array {
  const first: number[] = [];
  let kept = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] !== 0) continue;
    first.push(at);
    if (scores[at]! > best) {
      best = scores[at]!;
      kept = first.length;
    }
  }
  return Int32Array.from(first.slice(0, kept));
}

/**
 * How clearly a mixture separates: (mean0 - mean1)^2 / (variance0 + variance1), Fisher's criterion.
 * CoLAD's paper (arXiv:2108.10520) names it; the published code does not have it.
 */
export function fisherSeparation({ means, variances }: GaussianMixture): number {
  return (means[0] - means[1]) ** 2 / (variances[0] + variances[1]);
}

/**
 * Standard deviation (unbiased, n - 1) over mean of a set of costs: CoLAD's other criterion.
 * NaN for fewer than two costs.
 */
export function relativeSpread(costs: ArrayLike<number>): number {
  let mean = 0;
  for (let at = 0; at < costs.length; at++) mean += costs[at]! / costs.length;
  let squares = 0;
  for (let at = 0; at < costs.length; at++) squares += (costs[at]! - mean) ** 2;
  return Math.sqrt(squares / (costs.length - 1)) / mean;
}
