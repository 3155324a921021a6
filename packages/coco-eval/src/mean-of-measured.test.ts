import { expect, it } from "vitest";
import { meanOfMeasured } from "./mean-of-measured";
import { pairwiseSum } from "./pairwise-sum";

it("is numpy's mean of what is above -1, over many blocks", () => {
  const values = Float64Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? -1 : (i * 37) % 101) / 7);
  const measured = values.filter((value) => value > -1);
  expect(meanOfMeasured(values.slice())).toBe(pairwiseSum(measured, 0, measured.length) / measured.length);
  expect(meanOfMeasured(Float64Array.of(-1, -1))).toBe(-1);
  expect(meanOfMeasured(new Float64Array(0))).toBe(-1);
});
