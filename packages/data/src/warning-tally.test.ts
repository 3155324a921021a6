import { expect, it } from "vitest";
import { warningTally } from "./warning-tally";

it("writes a line a kind, with at most five pictures", () => {
  const tally = warningTally();
  expect(tally.warnings("f")).toEqual([]);
  for (let image = 0; image < 7; image++) tally.count("are odd", `${image}`);
  tally.count("are odd", "2");
  tally.count("is even", "x");
  expect(tally.warnings("f")).toEqual([
    "f: 8 annotations are odd, in 0, 1, 2 (2), 3, 4 and 2 more",
    "f: 1 annotation is even, in x",
  ]);
});
