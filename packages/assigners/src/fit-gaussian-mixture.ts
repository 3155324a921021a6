import { LadError } from "@lad/core";

export type GaussianMixture = {
  /** Component of each cost: 0 (begun at the smallest cost) or 1. */
  readonly labels: Int32Array;
  /** Log-likelihood of each cost under the whole mixture. */
  readonly scores: Float64Array;
  readonly means: readonly [number, number];
  readonly variances: readonly [number, number];
  readonly weights: readonly [number, number];
  /** Rounds of expectation and maximisation that were run. */
  readonly rounds: number;
};

type Component = { readonly mean: number; readonly variance: number; readonly weight: number };
type Mixture = readonly [Component, Component];
type Samples = { readonly values: ArrayLike<number>; readonly squares: Float64Array };
type Fitted = {
  readonly labels: Int32Array;
  readonly scores: Float64Array;
  /** Responsibility of each component for each sample. */
  readonly shares: readonly [Float64Array, Float64Array];
};

const maxRounds = 100;
const tolerance = 1e-3;
const regularization = 1e-6;

/**
 * Fits two one-dimensional Gaussians to costs by expectation maximisation, begun at the smallest and the largest cost with
 * weights 1/2 and variances 1; ends when the mean log-likelihood moves by less than 1e-3, after 100 rounds at the latest.
 * Squares of float32 costs are rounded to float32 and nothing else is, as the reference does; where that cancels to a
 * variance <= 0 (large costs; the reference raises) the fit is made in double throughout. Double costs are never rounded.
 * @param costs [N] ascending, N >= 1.
 * @throws {LadError} INVALID_ARGUMENT for no cost, NON_FINITE for NaN or infinite ones.
 * Numerics follow scikit-learn's `GaussianMixture(2, covariance_type="diag")` with all three initial values given.
 */
export function fitGaussianMixture(costs: Float32Array | Float64Array): GaussianMixture {
  if (costs.length === 0)
    throw new LadError("INVALID_ARGUMENT", "fitGaussianMixture: needs at least one cost, got none");
  for (let at = 0; at < costs.length; at++) {
    if (!Number.isFinite(costs[at])) {
      throw new LadError("NON_FINITE", `fitGaussianMixture: cost ${at} of ${costs.length} is ${costs[at]}`);
    }
  }
  const squares = Float64Array.from(costs, (cost) => cost * cost);
  const rounded = costs instanceof Float32Array ? squares.map(Math.fround) : squares;
  return fit({ values: costs, squares: rounded }) ?? fit({ values: costs, squares }, regularization)!;
}

/** The fit, or undefined once a variance is not above 0 and no `smallest` one is given to put in its place. */
function fit({ values, squares }: Samples, smallest?: number): GaussianMixture | undefined {
  const count = values.length;
  const fitted: Fitted = {
    labels: new Int32Array(count),
    scores: new Float64Array(count),
    shares: [new Float64Array(count), new Float64Array(count)],
  };
  let mixture: Mixture = [
    { mean: values[0]!, variance: 1, weight: 0.5 },
    { mean: values[count - 1]!, variance: 1, weight: 0.5 },
  ];
  let bound = Number.NEGATIVE_INFINITY;
  let rounds = 0;
  for (let converged = false; !converged && rounds < maxRounds; rounds++) {
    const next = expect({ values, squares }, mixture, fitted);
    mixture = maximize({ values, squares }, fitted.shares, smallest);
    if (!(mixture[0].variance > 0 && mixture[1].variance > 0)) return undefined;
    converged = Math.abs(next - bound) < tolerance;
    bound = next;
  }
  expect({ values, squares }, mixture, fitted);
  return {
    labels: fitted.labels,
    scores: fitted.scores,
    means: [mixture[0].mean, mixture[1].mean],
    variances: [mixture[0].variance, mixture[1].variance],
    weights: [mixture[0].weight, mixture[1].weight],
    rounds,
  };
}

/** Fills in what the mixture says of each sample; returns the mean log-likelihood. */
function expect({ values, squares }: Samples, [zero, one]: Mixture, { labels, scores, shares }: Fitted): number {
  const constants = [constantOf(zero), constantOf(one)] as const;
  const precisions = [precisionOf(zero), precisionOf(one)] as const;
  const slopes = [zero.mean * precisions[0], one.mean * precisions[1]] as const;
  const offsets = [zero.mean * zero.mean * precisions[0], one.mean * one.mean * precisions[1]] as const;
  let total = 0;
  for (let at = 0; at < values.length; at++) {
    // (x - m)^2 / v expanded as the reference does, for equal rounding
    const value = values[at]!;
    const square = squares[at]!;
    const first = constants[0] - 0.5 * (offsets[0] - 2 * (value * slopes[0]) + square * precisions[0]);
    const second = constants[1] - 0.5 * (offsets[1] - 2 * (value * slopes[1]) + square * precisions[1]);
    const most = Math.max(first, second);
    const score = most + Math.log(Math.exp(first - most) + Math.exp(second - most));
    scores[at] = score;
    shares[0][at] = Math.exp(first - score);
    shares[1][at] = Math.exp(second - score);
    labels[at] = second > first ? 1 : 0;
    total += score;
  }
  return total / values.length;
}

function precisionOf({ variance }: Component): number {
  return (1 / Math.sqrt(variance)) ** 2;
}

function constantOf({ variance, weight }: Component): number {
  return Math.log(weight) + Math.log(1 / Math.sqrt(variance)) - 0.5 * Math.log(2 * Math.PI);
}

function maximize({ values, squares }: Samples, shares: Fitted["shares"], smallest: number | undefined): Mixture {
  const sizes = shares.map((share) => share.reduce((sum, part) => sum + part, 0) + 10 * Number.EPSILON);
  const component = (which: 0 | 1): Component => {
    const size = sizes[which]!;
    const sum = dot(shares[which], values);
    const mean = sum / size;
    const variance = dot(shares[which], squares) / size - 2 * ((mean * sum) / size) + mean * mean + regularization;
    return { mean, variance: Math.max(variance, smallest ?? variance), weight: size / (sizes[0]! + sizes[1]!) };
  };
  return [component(0), component(1)];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
