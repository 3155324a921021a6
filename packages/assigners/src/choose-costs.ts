import { LadError, type PreAssignedImage, type PreAssignment } from "@lad/core";
import { candidatePool } from "./candidate-pool";
import { costSummary } from "./cost-summary";
import { fitGaussianMixture } from "./fit-gaussian-mixture";
import { type CandidateGroups, groupCandidates } from "./group-candidates";
import { fisherSeparation, relativeSpread } from "./separate-by-mixture";

export type ChooseCostsOptions = {
  /**
   * What tells a confident network by its costs; the larger one assigns. `stdMean`: standard deviation over mean. `fisher`: squared
   * distance of the fitted mixture's means over the sum of its variances.
   */
  readonly criterion?: "stdMean" | "fisher";
  /** What is decided as one. `level`: a ground truth on one level; `gt`: a ground truth; `image`; `batch`: the whole iteration. */
  readonly granularity?: "level" | "gt" | "image" | "batch";
  /** Candidates of a pool per level. */
  readonly topk?: number;
};

/** Which network assigns: 0 or 1, or -1 where there is nothing to decide. */
export type ImageChoice = {
  /** Ground truths times levels, or ground truths. */
  readonly choices: Int32Array;
  readonly levels: number;
};

export type ChosenCosts = {
  /** Per image, the cost of every candidate by the network that assigns it. */
  readonly costs: Float32Array[];
  readonly images: readonly ImageChoice[];
  /**
   * `t_ratio`: share of decisions for the second network; `s_mean`, `t_mean`, `s_std`, `t_std`: both networks' costs, averaged per image over
   * what is decided on and then over images. Absent where no image has any.
   */
  readonly metrics: Readonly<Record<string, number>>;
};

/** A set of candidates that is decided on: its choice's place, all its candidates, and what each network's score is taken of. */
type Unit = {
  readonly image: number;
  readonly place: number;
  readonly members: Int32Array;
  readonly scored: readonly [Int32Array, Int32Array];
};

type Costs = readonly (readonly Float32Array[])[];

/**
 * Chooses, set by set of candidates, between two networks' costs: the second network's if its score is at least the first's; a single
 * candidate goes to the cheaper network (`stdMean`; ties to the first). CoLAD, arXiv 2108.10520 §3.4; `stdMean` on `level` follows ccdet's code,
 * the others the paper. On `level` a set is all candidates of a ground truth on a level, else each network's own pool.
 * @throws {LadError} SHAPE_MISMATCH if the costs do not fit the candidates.
 */
export function chooseCosts(
  pre: PreAssignment,
  first: readonly Float32Array[],
  second: readonly Float32Array[],
  { criterion = "stdMean", granularity = "level", topk = 9 }: ChooseCostsOptions = {},
): ChosenCosts {
  const networks: Costs = [first, second];
  checkCosts(pre, networks);
  const units = pre.images.flatMap((image, index) =>
    unitsOf(image, index, { pre, networks, perLevel: granularity === "level", topk }),
  );
  const score =
    criterion === "stdMean" ? relativeSpread : (costs: Float64Array) => fisherSeparation(fitGaussianMixture(costs));
  const scored = units.map((unit) => ({ unit, ...scoreUnit(unit, networks, score, criterion) }));
  const decided = granularity === "level" || granularity === "gt" ? scored : together(scored, granularity);
  const costs = pre.images.map((_, image) => first[image]!.slice());
  const levels = granularity === "level" ? pre.levelSizes.length : 1;
  const images = pre.images.map(({ matchedGt }): ImageChoice => {
    const gts = matchedGt.reduce((most, gt) => Math.max(most, gt), -1) + 1;
    return { choices: new Int32Array(gts * levels).fill(-1), levels };
  });
  for (const { unit, choice } of decided) {
    images[unit.image]!.choices[unit.place] = choice;
    if (choice === 1)
      for (const position of unit.members) costs[unit.image]![position] = second[unit.image]![position]!;
  }
  return {
    costs,
    images,
    metrics: costSummary(
      images,
      networks,
      granularity === "level" ? units.map(({ image, members }) => ({ image, members })) : undefined,
    ),
  };
}

function checkCosts({ images }: PreAssignment, networks: Costs): void {
  networks.forEach((costs, network) => {
    const wrong = images.findIndex(({ candidates }, image) => costs[image]?.length !== candidates.length);
    if (wrong < 0 && costs.length === images.length) return;
    const [wanted, got] =
      wrong < 0 ? [images.length, costs.length] : [images[wrong]!.candidates.length, costs[wrong]?.length];
    const what = wrong < 0 ? "images" : `candidates of image ${wrong}`;
    throw new LadError("SHAPE_MISMATCH", `chooseCosts: ${wanted} ${what}, network ${network + 1} gave costs of ${got}`);
  });
}

type UnitContext = {
  readonly pre: PreAssignment;
  readonly networks: Costs;
  readonly perLevel: boolean;
  readonly topk: number;
};

function unitsOf(
  { candidates, matchedGt }: PreAssignedImage,
  image: number,
  { pre, networks, perLevel, topk }: UnitContext,
): Unit[] {
  const groups = groupCandidates(candidates, matchedGt, pre.levelSizes);
  const { gts, levels } = groups;
  const units: Unit[] = [];
  for (let place = 0; place < (perLevel ? gts * levels : gts); place++) {
    const members = membersOf(groups, perLevel ? place : place * levels, perLevel ? place + 1 : (place + 1) * levels);
    if (members.length === 0) continue;
    const pool = (network: number) =>
      perLevel ? members : candidatePool(place, groups, networks[network]![image]!, topk);
    units.push({ image, place, members, scored: [pool(0), pool(1)] });
  }
  return units;
}

function membersOf({ order, starts }: CandidateGroups, from: number, to: number): Int32Array {
  return order.slice(starts[from]!, starts[to]!);
}

type Scored = { readonly unit: Unit; readonly choice: number; readonly scores?: readonly [number, number] };

function scoreUnit(
  unit: Unit,
  networks: Costs,
  score: (costs: Float64Array) => number,
  criterion: string,
): Omit<Scored, "unit"> {
  const costsOf = (network: 0 | 1) =>
    Float64Array.from(unit.scored[network], (position) => networks[network]![unit.image]![position]!);
  const [one, two] = [costsOf(0), costsOf(1)];
  if (one.length < 2) return { choice: criterion === "stdMean" ? Number(two[0]! < one[0]!) : -1 };
  const scores = [score(one), score(two)] as const;
  return { choice: Number(scores[1] >= scores[0]), scores };
}

/** One decision for everything of an image, or of the batch: by the mean scores of its sets. */
function together(scored: readonly Scored[], granularity: "image" | "batch"): Scored[] {
  const keyOf = ({ unit }: Scored) => (granularity === "image" ? unit.image : 0);
  const sums = new Map<number, [number, number]>();
  for (const one of scored) {
    if (!one.scores) continue;
    const [first, second] = sums.get(keyOf(one)) ?? [0, 0];
    sums.set(keyOf(one), [first + one.scores[0], second + one.scores[1]]);
  }
  return scored.map((one) => {
    const sum = sums.get(keyOf(one));
    return sum ? { ...one, choice: Number(sum[1] >= sum[0]) } : one;
  });
}
