import {
  fisherSeparation,
  fitGaussianMixture,
  type GaussianMixture,
  relativeSpread,
  separateByMixture,
} from "@lad/assigners";
import { type NdArray, ndArray, type TypedArray } from "@lad/core";
import type { GoldenCase } from "../golden-case";
import { scalar } from "../layout";
import type { Report } from "../report";
import { exact, statisticTolerance, type Tolerance } from "../tolerance";

/** What the case says of one vector of costs. */
type MixtureVector = {
  readonly i: number;
  readonly status: string;
  readonly compare_labels?: boolean;
  readonly compare_num_pos?: boolean;
};

/** Mixture fits of cost vectors: of the float32 costs as the reference fits them, and of the same costs in double. */
export function mixtureBlock(golden: GoldenCase, report: Report): void {
  for (const vector of golden.config.vectors as MixtureVector[]) {
    const costs = Float32Array.from(golden.take(`in.${vector.i}`).data);
    if (costs.length < 2) continue;
    const single = fitGaussianMixture(costs);
    const double = fitGaussianMixture(Float64Array.from(costs));
    if (golden.has(`f32.scores.${vector.i}`)) compareFit(golden, report, "f32", vector, single);
    compareFit(golden, report, "f64", vector, double);
    report.compare("rho", `own.rho_stdmean.${vector.i}`, scalar(relativeSpread(costs)), statisticTolerance);
    const fisher = `own.rho_fisher.${vector.i}`;
    report.compare("rho", fisher, scalar(fisherSeparation(double)), { relative: 1e-3, ofLargest: 1e-4, floor: 1 });
  }
}

function compareFit(
  golden: GoldenCase,
  report: Report,
  precision: string,
  { i, ...flags }: MixtureVector,
  fit: GaussianMixture,
): void {
  const compare = (name: string, actual: NdArray<TypedArray>, tolerance: Tolerance) =>
    report.compare(precision, `${precision}.${name}.${i}`, actual, tolerance);
  const optional = (compared: boolean | undefined, name: string, actual: NdArray<TypedArray>) => {
    if (compared) compare(name, actual, exact);
    else golden.exclude(`${precision}.${name}.${i}`);
  };
  optional(flags.compare_labels, "labels", ndArray(fit.labels, [fit.labels.length]));
  optional(flags.compare_num_pos, "num_pos", ndArray(Int32Array.of(separateByMixture(fit).length), []));
  compare("scores", ndArray(Float32Array.from(fit.scores), [fit.scores.length]), statisticTolerance);
  compare("means", ndArray(Float32Array.from(fit.means), [2]), statisticTolerance);
  compare("vars", ndArray(Float32Array.from(fit.variances), [2]), statisticTolerance);
  compare("weights", ndArray(Float32Array.from(fit.weights), [2]), statisticTolerance);
  compare("niter", ndArray(Int32Array.of(fit.rounds), []), exact);
}
