import { LadError, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { fisherSeparation, fitGaussianMixture, relativeSpread, separateByMixture } from "./index";

const bimodal = Float32Array.of(0.8, 0.9, 0.95, 1, 1.05, 1.1, 2.9, 3, 3.05, 3.1, 3.2);

describe("fitGaussianMixture", () => {
  it("finds the two groups of a bimodal sample", () => {
    const { labels, means, variances, weights, rounds } = fitGaussianMixture(bimodal);
    expect(Array.from(labels)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(means[0]).toBeCloseTo(5.8 / 6, 3);
    expect(means[1]).toBeCloseTo(15.25 / 5, 3);
    expect(variances[0]).toBeCloseTo(0.0097, 3);
    expect(weights[0] + weights[1]).toBeCloseTo(1, 12);
    expect(weights[0]).toBeCloseTo(6 / 11, 3);
    expect(rounds).toBeGreaterThan(2);
  });

  it("scores are the log-likelihood under the mixture it returns", () => {
    const { scores, means, variances, weights } = fitGaussianMixture(Float64Array.from(bimodal));
    bimodal.forEach((value, at) => {
      const density = [0, 1].reduce((sum, k) => {
        const [mean, variance] = [means[k]!, variances[k]!];
        return (
          sum + (weights[k]! * Math.exp(-((value - mean) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance)
        );
      }, 0);
      expect(scores[at]).toBeCloseTo(Math.log(density), 8);
    });
  });

  it("only the squares of float32 costs are rounded: close to double, not equal", () => {
    const single = fitGaussianMixture(bimodal);
    const double = fitGaussianMixture(Float64Array.from(bimodal));
    expect(single.labels).toEqual(double.labels);
    expect(single.rounds).toBe(double.rounds);
    expect(single.variances[0]).not.toBe(double.variances[0]);
    expect(Math.abs(single.variances[0] - double.variances[0])).toBeLessThan(1e-6);
  });

  it("does not improve the likelihood by moving the fitted means", () => {
    const stream = random(4);
    const sample = Float64Array.from({ length: 60 }, (_, at) => (at < 30 ? 1 : 2) + stream.normal() * 0.2).sort();
    const { scores, means, variances, weights } = fitGaussianMixture(sample);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const likelihood = (shift: number) =>
      mean(
        Array.from(sample, (value) =>
          Math.log(
            [0, 1].reduce((sum, k) => {
              const z = (value - means[k]! - shift) ** 2 / variances[k]!;
              return sum + (weights[k]! * Math.exp(-z / 2)) / Math.sqrt(2 * Math.PI * variances[k]!);
            }, 0),
          ),
        ),
      );
    expect(likelihood(0)).toBeCloseTo(mean(scores), 8);
    expect(likelihood(0.02)).toBeLessThan(likelihood(0));
    expect(likelihood(-0.02)).toBeLessThan(likelihood(0));
  });

  it("gives equal costs one place: variances at the regularisation, everything component 0", () => {
    const { means, variances, labels } = fitGaussianMixture(new Float64Array(10).fill(1));
    expect(means[0]).toBeCloseTo(1, 12);
    expect(means[1]).toBe(means[0]);
    expect(variances[0]).toBeCloseTo(1e-6, 9);
    expect(Array.from(labels)).toEqual(Array(10).fill(0));
  });

  it("fits large, close costs in double, where float32 squares cancel (the reference raises)", () => {
    const costs = Float32Array.from({ length: 10 }, (_, at) => 400 + at * 1e-4);
    const { variances, scores } = fitGaussianMixture(costs);
    for (const variance of variances) expect(variance).toBeGreaterThanOrEqual(1e-6);
    expect(scores.every(Number.isFinite)).toBe(true);
    const huge = fitGaussianMixture(Float64Array.from({ length: 6 }, () => 123456789));
    expect(huge.variances.every((variance) => variance > 0)).toBe(true);
  });

  it("refuses no cost and costs that are not finite", () => {
    expect(() => fitGaussianMixture(new Float32Array(0))).toThrow("needs at least one cost, got none");
    expect(() => fitGaussianMixture(Float32Array.of(1, Number.NaN))).toThrow("fitGaussianMixture: cost 1 of 2 is NaN");
    try {
      fitGaussianMixture(Float32Array.of(Number.POSITIVE_INFINITY));
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("NON_FINITE");
    }
    expect.assertions(3);
  });
});

describe("separateByMixture", () => {
  const mixture = (labels: number[], scores: number[]) => ({
    labels: Int32Array.from(labels),
    scores: Float64Array.from(scores),
    means: [0, 1] as const,
    variances: [1, 1] as const,
    weights: [0.5, 0.5] as const,
    rounds: 2,
  });

  it("keeps component 0 up to its likeliest member, not all of it", () => {
    expect(separateByMixture(mixture([0, 0, 0, 1], [1, 5, 2, 9]))).toEqual(Int32Array.of(0, 1));
  });

  it("takes the first of equally likely members and skips members of component 1", () => {
    expect(separateByMixture(mixture([0, 0, 0], [3, 3, 3]))).toEqual(Int32Array.of(0));
    expect(separateByMixture(mixture([1, 0, 1, 0], [9, 1, 9, 2]))).toEqual(Int32Array.of(1, 3));
  });

  it("keeps nothing if component 0 is empty", () => {
    expect(separateByMixture(mixture([1, 1], [1, 2]))).toHaveLength(0);
  });
});

describe("criteria", () => {
  it("fisherSeparation is the squared distance of the means over the variances", () => {
    const fitted = { ...fitGaussianMixture(bimodal), means: [1, 3] as const, variances: [0.5, 1.5] as const };
    expect(fisherSeparation(fitted)).toBe(2);
  });

  it("relativeSpread is unbiased deviation over mean", () => {
    expect(relativeSpread([1, 3])).toBeCloseTo(Math.SQRT2 / 2, 12);
    expect(relativeSpread([2, 2, 2])).toBe(0);
    expect(relativeSpread([2])).toBeNaN();
  });
});
