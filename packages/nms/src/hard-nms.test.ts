import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { classwiseNms, hardNms, orderByScore } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const f = Math.fround;

/** The definition, pair by pair, in float32. */
function plainNms(data: Float32Array, scores: Float32Array, threshold: number, labels?: Int32Array): number[] {
  const kept: number[] = [];
  const area = (i: number) => f(f(data[i * 4 + 2]! - data[i * 4]!) * f(data[i * 4 + 3]! - data[i * 4 + 1]!));
  const iou = (i: number, j: number) => {
    const side = (axis: number) =>
      Math.max(
        0,
        f(
          Math.min(data[i * 4 + axis + 2]!, data[j * 4 + axis + 2]!) -
            Math.max(data[i * 4 + axis]!, data[j * 4 + axis]!),
        ),
      );
    const inter = f(side(0) * side(1));
    return f(inter / f(f(area(i) + area(j)) - inter));
  };
  for (const i of [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)) {
    if (!kept.some((j) => labels?.[i] === labels?.[j] && iou(i, j) > f(threshold))) kept.push(i);
  }
  return kept;
}

function crowd(count: number, seed: number, side: (uniform: () => number) => number) {
  const stream = random(seed);
  const rows = Array.from({ length: count }, () => {
    const [x, y] = [stream.uniform() * 300 - 50, stream.uniform() * 200 - 50];
    return [x, y, x + side(stream.uniform), y + side(stream.uniform)];
  });
  const scores = Float32Array.from({ length: count }, () => Math.round(stream.uniform() * 500) / 500); // with ties
  const labels = Int32Array.from({ length: count }, () => stream.integer(4));
  return { boxes: boxes(...rows), scores, labels };
}

describe("hardNms", () => {
  it("keeps the better of two that overlap, in descending score", () => {
    const three = boxes([0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]);
    expect(hardNms(three, Float32Array.of(0.5, 0.6, 0.9))).toEqual(Int32Array.of(2, 1));
    expect(hardNms(three, Float32Array.of(0.6, 0.6, 0.6))).toEqual(Int32Array.of(0, 2));
  });

  it("suppresses strictly above the threshold", () => {
    const pair = boxes([0, 0, 10, 10], [0, 0, 10, 5]); // IoU exactly 0.5
    const scores = Float32Array.of(0.9, 0.8);
    expect(hardNms(pair, scores, { iouThreshold: 0.5 })).toHaveLength(2);
    expect(hardNms(pair, scores, { iouThreshold: 0.4999 })).toHaveLength(1);
    const tenths = boxes([0, 0, 10, 10], [0, 0, 10, 6]); // IoU 0.6 in float32: equal to the threshold in float32
    expect(hardNms(tenths, scores, { iouThreshold: 0.6 })).toHaveLength(2);
  });

  it("lets a suppressed box suppress nobody", () => {
    const chain = boxes([0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]);
    expect(hardNms(chain, Float32Array.of(0.9, 0.8, 0.7), { iouThreshold: 0.5 })).toEqual(Int32Array.of(0, 2));
  });

  it.each([0, 0.1, 0.3, 0.5, 0.6, 0.75, 0.95, 1])("equals the definition on crowds at threshold %f", (iouThreshold) => {
    const shapes = [
      (uniform: () => number) => 5 + uniform() * 60,
      (uniform: () => number) => 2 ** (uniform() * 9), // 1 to 512 px
      (uniform: () => number) => (uniform() < 0.2 ? 0 : 30 + uniform() * 3), // points and lines among near-equals
      (uniform: () => number) => uniform() * 40 - 8, // some inside out
    ];
    shapes.forEach((side, seed) => {
      const { boxes: some, scores } = crowd(600, seed, side);
      expect(Array.from(hardNms(some, scores, { iouThreshold }))).toEqual(plainNms(some.data, scores, iouThreshold));
    });
  });

  it("decides pairs at the threshold as float32 does", () => {
    const stream = random(11);
    const rows = Array.from({ length: 300 }, (_, tile) => {
      const [x, width, height] = [tile * 200, 50 + stream.uniform() * 100, 50 + stream.uniform() * 100];
      return [
        [x, 0, x + width, height],
        [x, 0, x + width, height * (0.6 + (stream.uniform() - 0.5) * 4e-7)], // IoU 0.6 give or take a rounding
      ];
    }).flat();
    const near = boxes(...rows);
    const scores = Float32Array.from({ length: rows.length }, (_, index) => 1 - index / 1000);
    const kept = hardNms(near, scores, { iouThreshold: 0.6 });
    expect(Array.from(kept)).toEqual(plainNms(near.data, scores, 0.6));
    expect(kept.length).toBeGreaterThan(330);
    expect(kept.length).toBeLessThan(570);
  });

  it("never suppresses boxes without area, nor by NaN or infinite ones", () => {
    const odd = boxes(
      [5, 5, 5, 5],
      [5, 5, 5, 5],
      [Number.NaN, 0, 1, 1],
      [0, 0, Number.POSITIVE_INFINITY, 1],
      [0, 0, 9, 1],
    );
    expect(hardNms(odd, Float32Array.of(5, 4, 3, 2, 1))).toEqual(Int32Array.of(0, 1, 2, 3, 4));
  });

  it("stops at the limit and takes no boxes", () => {
    const far = boxes([0, 0, 1, 1], [2, 0, 3, 1], [4, 0, 5, 1]);
    expect(hardNms(far, Float32Array.of(1, 3, 2), { limit: 2 })).toEqual(Int32Array.of(1, 2));
    expect(hardNms(far, Float32Array.of(1, 3, 2), { limit: 0 })).toHaveLength(0);
    expect(hardNms(boxes(), new Float32Array(0))).toHaveLength(0);
  });

  it("refuses what does not fit", () => {
    const one = boxes([0, 0, 1, 1]);
    expect(() => hardNms(one, new Float32Array(2))).toThrow("hardNms: 1 boxes need as many scores, got 2");
    expect(() => hardNms(one, new Float32Array(1), { iouThreshold: 1.5 })).toThrow(
      "hardNms: iouThreshold must be in [0, 1], got 1.5",
    );
    expect(() => hardNms(one, new Float32Array(1), { limit: -1 })).toThrow("hardNms: limit must be >= 0, got -1");
    expect(() => hardNms(ndArray(new Float32Array(4), [4]), new Float32Array(1))).toThrow(
      "hardNms: boxes must be [N, 4]",
    );
  });
});

describe("classwiseNms", () => {
  it("keeps classes apart, also far from the origin", () => {
    const twins = boxes([1e6, 0, 1e6 + 10, 10], [1e6, 0, 1e6 + 10, 10], [1e6, 0, 1e6 + 10, 10]);
    const kept = classwiseNms(twins, Float32Array.of(0.1, 0.3, 0.2), Int32Array.of(0, 1, 1));
    expect(kept).toEqual(Int32Array.of(1, 0));
  });

  it.each([0.1, 0.6])(
    "equals the definition on crowds at threshold %f, best over all classes first",
    (iouThreshold) => {
      const { boxes: some, scores, labels } = crowd(800, 9, (uniform) => 5 + uniform() * 60);
      const expected = plainNms(some.data, scores, iouThreshold, labels);
      expect(Array.from(classwiseNms(some, scores, labels, { iouThreshold }))).toEqual(expected);
      expect(Array.from(classwiseNms(some, scores, labels, { iouThreshold, limit: 7 }))).toEqual(expected.slice(0, 7));
    },
  );

  it("refuses labels that do not fit", () => {
    const one = boxes([0, 0, 1, 1]);
    expect(() => classwiseNms(one, new Float32Array(1), new Int32Array(0))).toThrow(
      "classwiseNms: 1 boxes need as many labels, got 0",
    );
    expect(() => classwiseNms(one, new Float32Array(1), Int32Array.of(-1))).toThrow(
      "classwiseNms: labels must be non-negative, got -1",
    );
  });
});

describe("orderByScore", () => {
  it("sorts descending, ties by index, -0 as 0, NaN first", () => {
    expect(Array.from(orderByScore(Float32Array.of(0.2, -1, 0.9, 0.2, 7)))).toEqual([4, 2, 0, 3, 1]);
    expect(Array.from(orderByScore(Float32Array.of(-0, 0, -0, -2, -3)))).toEqual([0, 1, 2, 3, 4]);
    expect(Array.from(orderByScore(Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY)))).toEqual([1, 2, 0]);
    expect(orderByScore(new Float32Array(0))).toHaveLength(0);
  });

  it("equals a stable comparison sort, negative scores included", () => {
    const stream = random(2);
    const scores = Float32Array.from({ length: 3000 }, () => stream.integer(900) / 7 - 50);
    const expected = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
    expect(Array.from(orderByScore(scores))).toEqual(expected);
  });
});
