import { type NdArray, ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { clusterDiouNms, clusterDiouVoting, clusterOverlaps, orderByScore } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);

function crowd(count: number, seed: number) {
  const stream = random(seed);
  const rows = Array.from({ length: count }, () => {
    const [x, y] = [stream.uniform() * 60, stream.uniform() * 60];
    return [x, y, x + 10 + stream.uniform() * 20, y + 10 + stream.uniform() * 20];
  });
  const labels = Int32Array.from(rows, () => stream.integer(2));
  return { boxes: boxes(...rows), scores: Float32Array.from(rows, () => stream.uniform()), labels };
}

/** The iteration of the paper: U of the sorted boxes, rows of dropped boxes emptied until nothing changes. */
function iterate(all: NdArray, scores: Float32Array, labels: Int32Array, threshold: number): Set<number> {
  const order = orderByScore(scores);
  const overlap = clusterOverlaps(all, all, { beta: 0.8 }).data;
  const count = order.length;
  let kept = new Array<boolean>(count).fill(true);
  for (let round = 0; round < 999; round++) {
    const next = kept.map((_, j) => {
      for (let i = 0; i < j; i++) {
        const [a, b] = [order[i]!, order[j]!];
        if (kept[i] && labels[a] === labels[b] && overlap[a * count + b]! > Math.fround(threshold)) return false;
      }
      return true;
    });
    if (next.every((keep, j) => keep === kept[j])) break;
    kept = next;
  }
  return new Set([...order].filter((_, j) => kept[j]));
}

describe("clusterDiouNms", () => {
  it("is the fixed point of the reference's iteration", () => {
    for (const seed of [1, 2, 3]) {
      const { boxes: all, scores, labels } = crowd(150, seed);
      for (const iouThreshold of [0.1, 0.5, 0.6]) {
        const kept = clusterDiouNms(all, scores, labels, { iouThreshold });
        expect(new Set(kept)).toEqual(iterate(all, scores, labels, iouThreshold));
        expect(kept.length).toBeLessThan(150);
      }
    }
  });

  it("spares boxes whose centres lie apart, which plain IoU would drop", () => {
    const pair = boxes([0, 0, 10, 10], [2, 0, 12, 10]); // IoU 2/3, penalty (4 / 244)^0.8 = 0.037
    const [scores, labels] = [Float32Array.of(0.9, 0.8), Int32Array.of(0, 0)];
    expect(clusterDiouNms(pair, scores, labels, { iouThreshold: 0.64 })).toEqual(Int32Array.of(0, 1));
    expect(clusterDiouNms(pair, scores, labels, { iouThreshold: 0.62 })).toEqual(Int32Array.of(0));
    expect(clusterDiouNms(pair, scores, Int32Array.of(0, 1), { iouThreshold: 0.1 })).toEqual(Int32Array.of(0, 1));
  });

  it("drops boxes without area, and mixes far classes only as the reference does", () => {
    const all = boxes([0, 0, 10, 10], [5, 5, 5, 9], [4000, 4000, 4010, 4010]);
    const [scores, labels] = [Float32Array.of(0.8, 0.9, 0.7), Int32Array.of(1, 0, 0)];
    expect(clusterDiouNms(all, scores, labels)).toEqual(Int32Array.of(0, 2));
    expect(clusterDiouNms(all, scores, labels, { classOffset: 4000 })).toEqual(Int32Array.of(0));
    expect(clusterDiouNms(boxes(), new Float32Array(0), new Int32Array(0))).toHaveLength(0);
  });

  it("refuses what does not fit", () => {
    const [one, score] = [boxes([0, 0, 1, 1]), Float32Array.of(1)];
    expect(() => clusterDiouNms(one, score, Int32Array.of(0), { beta: -1 })).toThrow("beta must be >= 0, got -1");
    expect(() => clusterDiouNms(one, score, new Int32Array(2), { classOffset: 1 })).toThrow("as many labels, got 2");
  });
});

describe("clusterDiouVoting", () => {
  const weight = (overlap: number) => Math.exp(-((1 - overlap) ** 2) / 0.025);
  const candidates = {
    boxes: boxes([0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 9], [0, 0, 10, 6], [0, 0, 10, 9.5]),
    scores: Float32Array.of(0.8, 0.5, 0.7, 0.6, 0.9),
    labels: Int32Array.of(0, 0, 1, 0, 0), // the third is of another class, the fourth too far, the fifth better
  };

  it("averages a box with the close worse ones of its class", () => {
    const voted = clusterDiouVoting(Int32Array.of(0), candidates);
    const overlap = 0.9 - (0.25 / 200) ** 0.8;
    const [own, other] = [0.8, 0.5 * weight(overlap)];
    expect(voted.boxes.data[3]).toBeCloseTo((10 * own + 9 * other) / (own + other), 5);
    expect(voted.scores).toEqual(Float32Array.of(0.8));
  });

  it("keeps the order of `kept`, leaves boxes without area, and changes no argument", () => {
    const before = candidates.boxes.data.slice();
    const voted = clusterDiouVoting(Int32Array.of(4, 2), candidates);
    expect(voted.labels).toEqual(Int32Array.of(0, 1));
    expect(Array.from(voted.boxes.data.slice(4))).toEqual([0, 0, 10, 9]);
    expect(candidates.boxes.data).toEqual(before);
    const point = { boxes: boxes([5, 0, 5, 9]), scores: Float32Array.of(0.9), labels: Int32Array.of(3) };
    expect(Array.from(clusterDiouVoting(Int32Array.of(0), point).boxes.data)).toEqual([5, 0, 5, 9]);
    expect(clusterDiouVoting(new Int32Array(0), candidates).boxes.shape).toEqual([0, 4]);
  });

  it("refuses kept indices that are none", () => {
    expect(() => clusterDiouVoting(Int32Array.of(5), candidates)).toThrow("kept must index the 5 candidates, got 5");
  });
});
