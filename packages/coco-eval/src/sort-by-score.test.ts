import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { sortByScore } from "./sort-by-score";

/** What it must equal: a comparison sort, which is stable in JavaScript. */
function reference(rows: Int32Array, scores: Float64Array): number[] {
  return Array.from(rows).sort((a, b) => scores[b]! - scores[a]!);
}

describe("sortByScore", () => {
  it("sorts in descending order and keeps the order of ties, whatever the numbers", () => {
    const { uniform, normal, integer } = random(3);
    const kinds = [
      uniform,
      normal,
      () => Math.fround(uniform()),
      () => integer(5) / 4 - 0.5,
      () => normal() * 10 ** integer(300),
    ];
    for (const draw of kinds) {
      const scores = Float64Array.from({ length: 500 }, draw);
      const rows = Int32Array.from({ length: 400 }, () => integer(500));
      expect(Array.from(sortByScore(rows, scores))).toEqual(reference(rows, scores));
    }
  });

  it("takes -0 and 0 as equal", () => {
    expect(Array.from(sortByScore(Int32Array.of(0, 1, 2, 3), Float64Array.of(-0, 0, -0, 1e-300)))).toEqual([
      3, 0, 1, 2,
    ]);
  });

  it("sorts none and one", () => {
    expect(sortByScore(new Int32Array(0), new Float64Array(0))).toHaveLength(0);
    expect(Array.from(sortByScore(Int32Array.of(2), Float64Array.of(1, 2, 3)))).toEqual([2]);
  });
});
