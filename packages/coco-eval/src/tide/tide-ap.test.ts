import { expect, it } from "vitest";
import { tideAp } from "./tide-ap";

const ids = Float64Array.of(3, 7);

it("takes precision where a recall level is first reached", () => {
  const list = { classes: [0, 0, 0], scores: [0.9, 0.8, 0.7], hits: [1, 0, 1] };
  const { ap, perClass } = tideAp(list, ids, Int32Array.of(2, 0));
  expect(ap).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12); // recall 0.5 is reached by the first
  expect([...perClass.keys()]).toEqual([3]);
});

it("keeps the order of the list among equal scores", () => {
  const of = (hits: number[]) => tideAp({ classes: [0, 0], scores: [0.5, 0.5], hits }, ids, Int32Array.of(1, 0)).ap;
  expect([of([1, 0]), of([0, 1])]).toEqual([1, 0.5]);
});

it("counts a class without objects that was detected as 0, and one without either not at all", () => {
  const list = { classes: [0, 1], scores: [0.9, 0.8], hits: [1, 0] };
  expect(tideAp(list, ids, Int32Array.of(1, 0)).ap).toBe(0.5);
  expect(tideAp({ classes: [], scores: [], hits: [] }, ids, Int32Array.of(0, 0)).ap).toBe(-1);
  expect(tideAp({ classes: [], scores: [], hits: [] }, ids, Int32Array.of(0, 1)).ap).toBe(0);
});
