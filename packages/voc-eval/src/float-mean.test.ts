import { expect, it } from "vitest";
import { averagePrecision } from "./average-precision";
import { floatMean } from "./float-mean";

const tenths = (count: number) => Float32Array.from({ length: count }, (_, i) => (i % 7) / 10);

// numpy.mean of numpy.arange(n) % 7 / 10 as float32
it.each([
  [0, 0],
  [1, 0],
  [7, 0.29999998211860657],
  [8, 0.26249998807907104],
  [20, 0.2850000262260437],
  [100, 0.29499998688697815],
  [129, 0.2953488230705261],
  [1000, 0.2997000217437744],
])("is numpy's float32 mean of %i values", (count, mean) => {
  expect(floatMean(tenths(count))).toBe(mean);
});

it("averagePrecision is 0 of an empty curve", () => {
  expect(averagePrecision(new Float64Array(0), new Float32Array(0), "area")).toBe(0);
  expect(averagePrecision(new Float64Array(0), new Float32Array(0), "11points")).toBe(0);
});
