import {
  type ChooseCostsOptions,
  candidatePool,
  chooseCosts,
  fisherSeparation,
  fitGaussianMixture,
  groupCandidates,
} from "@lad/assigners";
import { type NdArray, ndArray, type PreAssignedImage, type PreAssignment } from "@lad/core";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact, statisticTolerance } from "./tolerance";

type ChoiceReplay = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly pre: PreAssignment;
  readonly networks: readonly [Float32Array[], Float32Array[]];
  readonly choice: ChooseCostsOptions;
};

/** Compares CoLAD's choices, `assign.choice.<i>`, and what they were made by, `assign.choice_stats.<i>`. */
export function compareChoice({ golden, report, pre, networks, choice }: ChoiceReplay): void {
  const { images } = chooseCosts(pre, ...networks, choice);
  images.forEach(({ choices }, image) => {
    const name = `assign.choice.${image}`;
    report.compare("choice", name, paddedChoices(choices, golden.take(name).shape), exact);
    const stats = `assign.choice_stats.${image}`;
    const { shape } = golden.take(stats);
    const costs = networks.map((network) => network[image]!) as [Float32Array, Float32Array];
    const values =
      choice.criterion === "fisher" ? separations(pre, image, costs, shape) : moments(pre, image, costs, shape);
    report.compare("choice", stats, values, statisticTolerance);
  });
}

/** Ground truths without a candidate at the end of the list are not decided on. */
export function paddedChoices(choices: Int32Array, shape: readonly number[]): NdArray<Int32Array> {
  const padded = new Int32Array(shape.reduce((size, side) => size * side, 1)).fill(-1);
  padded.set(choices);
  return ndArray(padded, shape);
}

type Pair = readonly [Float32Array, Float32Array];

/** `[gt, level, (mean1, mean2, std1, std2)]`, NaN where there are too few candidates. */
function moments(pre: PreAssignment, image: number, costs: Pair, shape: readonly number[]): NdArray {
  const { order, starts, gts, levels } = groupsOf(pre.images[image]!, pre);
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1)).fill(Number.NaN);
  for (let group = 0; group < gts * levels; group++) {
    const members = order.subarray(starts[group]!, starts[group + 1]!);
    if (members.length === 0) continue;
    costs.forEach((network, which) => {
      const picked = [...members].map((position) => network[position]!);
      const mean = picked.reduce((sum, cost) => sum + cost, 0) / picked.length;
      const squares = picked.reduce((sum, cost) => sum + (cost - mean) ** 2, 0);
      values[group * 4 + which] = mean;
      if (picked.length > 1) values[group * 4 + 2 + which] = Math.sqrt(squares / (picked.length - 1));
    });
  }
  return ndArray(values, shape);
}

/** `[gt, (rho1, rho2)]` of each network's own pool, NaN where there are too few candidates. */
function separations(pre: PreAssignment, image: number, costs: Pair, shape: readonly number[]): NdArray {
  const groups = groupsOf(pre.images[image]!, pre);
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1)).fill(Number.NaN);
  for (let gt = 0; gt < groups.gts; gt++) {
    costs.forEach((network, which) => {
      const pool = Float64Array.from(candidatePool(gt, groups, network, 9), (position) => network[position]!);
      if (pool.length > 1) values[gt * 2 + which] = fisherSeparation(fitGaussianMixture(pool));
    });
  }
  return ndArray(values, shape);
}

function groupsOf({ candidates, matchedGt }: PreAssignedImage, { levelSizes }: PreAssignment) {
  return groupCandidates(candidates, matchedGt, levelSizes);
}
