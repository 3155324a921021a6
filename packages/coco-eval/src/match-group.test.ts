import { describe, expect, it } from "vitest";
import { boxSimilarity } from "./box-similarity";
import { groupMatcher } from "./match-group";

const all = { label: "all", min: 0, max: 1e10 };

/** Annotation each detection takes at each threshold, `[D][T]`; similarities are given. */
function match(
  similarities: number[][],
  isCrowd: number[],
  thresholds: number[],
  areas = isCrowd.map(() => 1),
  ranges = [all],
): number[][] {
  const matcher = groupMatcher({
    similarity: (_, __, out) => out.set(similarities.flat()),
    annotationAreas: Float64Array.from(areas),
    isCrowd: Uint8Array.from(isCrowd),
    isIgnored: Uint8Array.from(isCrowd),
    thresholds: Float64Array.from(thresholds),
    areaRanges: ranges,
  });
  const { matched, hasCandidates } = matcher(Int32Array.from(similarities.keys()), Int32Array.from(isCrowd.keys()));
  const settings = ranges.length * thresholds.length;
  return similarities.map((_, d) =>
    Array.from({ length: settings }, (__, s) => (hasCandidates[d] === 1 ? matched[d * settings + s]! : -1)),
  );
}

describe("groupMatcher", () => {
  it("takes the best that is free; the later of equals", () => {
    expect(
      match(
        [
          [0.6, 0.7],
          [0.9, 0.8],
          [0.9, 0.9],
        ],
        [0, 0],
        [0.5],
      ),
    ).toEqual([[1], [0], [-1]]);
    expect(match([[0.6, 0.6]], [0, 0], [0.5, 0.6, 0.61])).toEqual([[1, 1, -1]]);
  });

  it("prefers an object to a crowd that fits better, and lets a crowd be taken often", () => {
    expect(
      match(
        [
          [1, 0.6],
          [1, 0.9],
          [0.7, 0],
        ],
        [1, 0],
        [0.5, 0.75],
      ),
    ).toEqual([
      [1, 0],
      [0, 1],
      [0, -1],
    ]);
  });

  it("takes an object outside the area range only if no other is left, and once", () => {
    const ranges = [all, { label: "small", min: 0, max: 5 }];
    const areas = [9, 5];
    expect(
      match(
        [
          [0.9, 0.6],
          [0.9, 0.1],
          [0.9, 0.1],
        ],
        [0, 0],
        [0.5],
        areas,
        ranges,
      ),
    ).toEqual([
      [0, 1],
      [-1, 0],
      [-1, -1],
    ]);
  });

  it("caps the threshold just below 1", () => {
    expect(match([[1 - 1e-11], [1 - 1e-9]], [0], [1])).toEqual([[0], [-1]]);
  });

  it("matches without any overlap when the threshold is 0", () => {
    expect(match([[0, 0]], [0, 0], [0, 0.5])).toEqual([[1, -1]]);
  });

  it("does groups of growing and shrinking size in the same memory", () => {
    const matcher = groupMatcher({
      similarity: (d, g, out) => out.fill(1, 0, d.length * g.length),
      annotationAreas: new Float64Array(9),
      isCrowd: new Uint8Array(9),
      isIgnored: new Uint8Array(9),
      thresholds: Float64Array.of(0.5),
      areaRanges: [all],
    });
    for (const size of [1, 5, 2, 9]) {
      const rows = Int32Array.from({ length: size }, (_, i) => i);
      const { matched } = matcher(rows, rows);
      expect(Array.from(matched.slice(0, size))).toEqual(Array.from(rows).reverse());
    }
  });
});

describe("boxSimilarity", () => {
  it("is the IoU, of a crowd the share of the detection, without overlap 0", () => {
    const out = new Float64Array(4);
    const boxes = Float64Array.of(0, 0, 10, 10, 5, 0, 10, 10, 5, 0, 10, 10, 10, 0, 5, 5);
    boxSimilarity(Float64Array.of(0, 0, 10, 10), boxes, Uint8Array.of(0, 0, 1, 0))(
      Int32Array.of(0),
      Int32Array.of(0, 1, 2, 3),
      out,
    );
    expect(Array.from(out)).toEqual([1, 50 / 150, 0.5, 0]);
  });

  it("finds nothing in common with a box of no or negative size", () => {
    const out = new Float64Array(2);
    const detections = Float64Array.of(0, 0, -5, 10, 2, 2, 0, 3);
    boxSimilarity(detections, Float64Array.of(-10, 0, 20, 20), Uint8Array.of(0))(
      Int32Array.of(0, 1),
      Int32Array.of(0),
      out,
    );
    expect(Array.from(out)).toEqual([0, 0]);
  });
});
