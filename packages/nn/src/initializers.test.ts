import { random } from "@lad/core";
import { expect, it } from "vitest";
import { constant, kaimingNormal, normalInit, xavierUniform } from "./initializers";

const shape = [3, 3, 32, 64];
const standardDeviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

it("kaimingNormal has deviation sqrt(2 / fan out)", () => {
  const values = kaimingNormal(shape, random(1));
  expect(values).toHaveLength(3 * 3 * 32 * 64);
  expect(standardDeviation(values) / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1);
});

it("xavierUniform is bounded by sqrt(6 / (fan in + fan out)) and fills the range", () => {
  const values = xavierUniform(shape, random(1));
  const bound = Math.sqrt(6 / (9 * 32 + 9 * 64));
  const largest = values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.99 * bound);
  expect(standardDeviation(values) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
});

it("normalInit and constant are what they say, also for linear shapes", () => {
  expect(standardDeviation(normalInit(0.01)(shape, random(2))) / 0.01).toBeCloseTo(1, 1);
  expect([...constant(7)([2, 3], random(1))]).toEqual([7, 7, 7, 7, 7, 7]);
});
