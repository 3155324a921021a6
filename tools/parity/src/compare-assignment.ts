import { assignPaa, type ChooseCostsOptions, chooseCosts, type GtSeparation, type PaaAssignment } from "@lad/assigners";
import { gridAnchors, validAnchors } from "@lad/boxes";
import { type NdArray, ndArray, type PreAssignment, type TypedArray } from "@lad/core";
import type { DenseOut, Paa } from "@lad/detectors";
import type { Batch } from "@lad/tensor";
import { compareChoice } from "./compare-choice";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact, forwardTolerance, statisticTolerance, withUncertainty } from "./tolerance";

type AssignmentReplay = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly detector: Paa;
  readonly out: DenseOut;
  readonly batch: Batch;
  /** The other network of CoLAD. */
  readonly second?: { readonly detector: Paa; readonly out: DenseOut; readonly choice: ChooseCostsOptions };
};

/** Replays an assignment step by step against `assign.*`: anchors, pre-assignment, costs, choice of network, mixtures, result. */
export async function compareAssignment(replay: AssignmentReplay): Promise<PaaAssignment> {
  const { golden, report, detector, out, second } = replay;
  const pre = detector.preAssign(out, replay.batch);
  compareGrid(replay);
  comparePreAssignment(report, pre);
  const costs = await comparedCosts(replay, "pos_losses", await detector.costs(out, pre));
  const others = second && (await comparedCosts(replay, "t_pos_losses", await second.detector.costs(second.out, pre)));
  if (second && others)
    compareChoice({ golden, report, pre, networks: [costs.own, others.own], choice: second.choice });
  const chosen = (which: "own" | "given") =>
    second && others ? chooseCosts(pre, costs[which], others[which], second.choice).costs : costs[which];
  const assignment = detector.separate(pre, chosen("own")) as PaaAssignment;
  compareResult(golden, report, assignment, pre);
  // A mixture's variance may be 1e-5 and its costs' squares are rounded to float32: costs that differ in the 7th digit change likelihoods
  // in the 2nd. So decisions are compared from our own costs, the statistics behind them from the reference's, rounded as it rounds.
  const reference = assignPaa(pre, chosen("given"), { topk: golden.config.model.bbox_head.topk ?? 9 });
  assignment.mixtures.forEach((separations, image) => {
    compareMixtures(golden, report, separations, image);
    compareStatistics(golden, report, reference.mixtures[image]!, image);
  });
  return assignment;
}

/** Our costs, compared, and the reference's. */
async function comparedCosts({ golden, report, batch }: AssignmentReplay, name: string, own: Float32Array[]) {
  const tolerance = withUncertainty(forwardTolerance, golden.config.fp64_check?.out_rel);
  own.forEach((values, image) => {
    report.compare("costs", `assign.${name}.${image}`, vector(values), tolerance);
  });
  const given = batch.boxes.map((_, image) => Float32Array.from(golden.take(`assign.${name}.${image}`).data));
  return { own, given };
}

function compareGrid({ report, detector, out, batch }: AssignmentReplay): void {
  const grid = detector.anchors!;
  for (const [level, anchors] of gridAnchors(grid, out.featureSizes).entries()) {
    report.compare("anchors", `assign.anchors.${level}`, anchors, exact);
  }
  batch.sizes.forEach(({ padded }, image) => {
    report.compare(
      "anchors",
      `assign.valid_flags.${image}`,
      vector(validAnchors(grid, out.featureSizes, padded)),
      exact,
    );
  });
}

function comparePreAssignment(report: Report, pre: PreAssignment): void {
  pre.images.forEach(({ labels, labelWeights, candidates, matchedGt, targets }, image) => {
    const compare = (name: string, actual: NdArray<TypedArray>) =>
      report.compare("pre-assignment", `assign.${name}.${image}`, actual, exact);
    compare("pre_labels", vector(labels));
    compare("pre_label_weights", vector(labelWeights));
    compare("pre_pos_inds", vector(candidates));
    compare("pre_pos_gt_inds", vector(matchedGt));
    compare("pre_pos_bbox_targets", ndArray(targets, [candidates.length, 4]));
  });
}

function compareResult(golden: GoldenCase, report: Report, assignment: PaaAssignment, pre: PreAssignment): void {
  const count = pre.anchorsPerImage;
  pre.images.forEach(({ labels: preLabels }, image) => {
    const part = <A extends TypedArray>(values: A) => values.subarray(image * count, (image + 1) * count);
    const compare = (name: string, actual: NdArray<TypedArray>) =>
      report.compare("assignment", `assign.${name}.${image}`, actual, exact);
    const labels = part(assignment.labels);
    const positive = Float32Array.from(labels, (label) => (label < pre.classes ? 1 : 0));
    compare("labels", vector(labels));
    compare("label_weights", vector(part(assignment.labelWeights)));
    compare("bbox_weights", vector(positive));
    const rows = [...positive.keys()].filter((row) => positive[row]);
    // the reference lists positives gt by gt; as a set they are the rows whose label is a class
    const expected = golden.take(`assign.pos_inds.${image}`);
    report.compareValues(
      "assignment",
      `assign.pos_inds.${image}`,
      vector(Int32Array.from(rows)),
      vector(Int32Array.from(expected.data).sort()),
      exact,
    );
    if (preLabels.length !== count)
      report.fail("assignment", `image ${image}: ${preLabels.length} labels for ${count} anchors`);
  });
  report.compare("assignment", "assign.num_pos", vector(assignment.numPositives), exact);
}

function compareMixtures(
  golden: GoldenCase,
  report: Report,
  separations: readonly GtSeparation[],
  image: number,
): void {
  if (!golden.has(`assign.gmm_gt.${image}`)) return;
  const ints = (values: Iterable<number>) => vector(Int32Array.from(values));
  const compare = (name: string, actual: NdArray<TypedArray>, tolerance = exact) =>
    report.compare("mixtures", `assign.gmm_${name}.${image}`, actual, tolerance);
  compare("gt", ints(separations.map(({ gt }) => gt)));
  compare("count", ints(separations.map(({ pool }) => pool.length)));
  const ours = separations.flatMap(({ anchors }) => [...anchors]);
  compare(
    "inds",
    ints(inOrderOf(ours, golden.take(`assign.gmm_inds.${image}`).data, golden.take(`assign.gmm_losses.${image}`).data)),
  );
  compare("losses", vector(Float32Array.from(separations.flatMap(({ costs }) => [...costs]))), forwardTolerance);
  compare("labels", ints(separations.flatMap(({ mixture }) => [...mixture.labels])));
  compare("niter", ints(separations.map(({ mixture }) => mixture.rounds)));
  compare("num_pos", ints(separations.map(({ kept }) => kept)));
}

/** Costs closer than this (relative, in the 7th digit of a float32) may swap places. */
const nearTie = 1e-6;

/** Our candidates in the reference's order where neighbours in it have all but the same cost, else in our own. */
function inOrderOf(ours: readonly number[], expected: ArrayLike<number>, costs: ArrayLike<number>): number[] {
  const ordered = [...ours];
  for (let start = 0, end = 1; start < ordered.length; start = end, end = start + 1) {
    while (
      end < costs.length &&
      Math.abs(costs[end]! - costs[end - 1]!) <= nearTie * Math.max(1, Math.abs(costs[end]!))
    )
      end++;
    const free = ordered.slice(start, end);
    for (let at = start; at < end; at++) {
      const same = free.indexOf(expected[at]!);
      ordered[at] = free.splice(Math.max(same, 0), 1)[0]!;
    }
  }
  return ordered;
}

function compareStatistics(
  golden: GoldenCase,
  report: Report,
  separations: readonly GtSeparation[],
  image: number,
): void {
  if (!golden.has(`assign.gmm_scores.${image}`)) return;
  const compare = (name: string, actual: NdArray) =>
    report.compare("statistics", `assign.gmm_${name}.${image}`, actual, statisticTolerance);
  const pairs = (of: (separation: GtSeparation) => readonly [number, number]) =>
    ndArray(Float32Array.from(separations.flatMap(of)), [separations.length, 2]);
  compare("scores", vector(Float32Array.from(separations.flatMap(({ mixture }) => [...mixture.scores]))));
  compare(
    "means",
    pairs(({ mixture }) => mixture.means),
  );
  compare(
    "vars",
    pairs(({ mixture }) => mixture.variances),
  );
  compare(
    "weights",
    pairs(({ mixture }) => mixture.weights),
  );
}

function vector<A extends TypedArray>(values: A): NdArray<A> {
  return ndArray(values, [values.length]);
}
