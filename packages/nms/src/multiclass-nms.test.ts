import { ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { clusterOverlaps, multiclassNms, scoreVoting } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const scores = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 3]);

describe("multiclassNms", () => {
  const three = boxes([0, 0, 10, 10], [1, 0, 11, 10], [40, 0, 50, 10]);

  it("makes a candidate of every pair above the threshold, strictly and in float32", () => {
    const { candidates } = multiclassNms(three, scores([0.05, 0.3], [0.06, 0], [0.9, 0.8]), { scoreThreshold: 0.05 });
    expect(candidates.sources).toEqual(Int32Array.of(0, 1, 2, 2));
    expect(candidates.labels).toEqual(Int32Array.of(1, 0, 0, 1));
    expect(Array.from(candidates.boxes.data.slice(4, 8))).toEqual([1, 0, 11, 10]);
  });

  it("suppresses inside a class only; detections descend over all classes and point at their candidates", () => {
    const table = scores([0.9, 0.2], [0.8, 0.7], [0.1, 0.95]);
    const { detections, candidates, kept } = multiclassNms(three, table);
    expect(detections.scores).toEqual(Float32Array.of(0.95, 0.9, 0.7, 0.1));
    expect(detections.labels).toEqual(Int32Array.of(1, 0, 1, 0));
    expect(Array.from(kept, (index) => candidates.sources[index])).toEqual([2, 0, 1, 2]);
    expect(Array.from(detections.boxes.data.slice(4, 8))).toEqual([0, 0, 10, 10]);
  });

  it("keeps the best `perImage` of all classes", () => {
    const { detections } = multiclassNms(three, scores([0.9, 0.2], [0.8, 0.7], [0.1, 0.95]), { perImage: 2 });
    expect(detections.labels).toEqual(Int32Array.of(1, 0));
  });

  it("is empty without boxes or without a score above the threshold", () => {
    for (const result of [multiclassNms(boxes(), scores()), multiclassNms(boxes([0, 0, 1, 1]), scores([0, 0]))]) {
      expect(result.detections.boxes.shape).toEqual([0, 4]);
      expect(result.kept).toHaveLength(0);
      expect(scoreVoting(result.kept, result.candidates).boxes.shape).toEqual([0, 4]);
    }
  });

  it("refuses what does not fit", () => {
    expect(() => multiclassNms(three, scores([1, 2]))).toThrow("boxes [3,4] need scores [3, C], got [1,2]");
    expect(() => multiclassNms(three, scores([1], [1], [1]), { perImage: -1 })).toThrow(
      "multiclassNms: perImage must be positive (Infinity for all), got -1",
    );
  });
});

describe("scoreVoting", () => {
  const sigma = 0.025;

  it("averages the class's candidates around a kept box by score and closeness", () => {
    const candidates = {
      boxes: boxes([0, 0, 10, 10], [0, 0, 10, 8], [0, 0, 10, 8], [30, 0, 40, 10]),
      scores: Float32Array.of(0.9, 0.5, 0.8, 0.7),
      labels: Int32Array.of(0, 0, 1, 0), // the third is of another class, the fourth too far
    };
    const voted = scoreVoting(Int32Array.of(0), candidates);
    const [own, other] = [0.9, 0.5 * Math.exp(-((1 - 0.8) ** 2) / sigma)];
    expect(voted.boxes.data[3]).toBeCloseTo((10 * own + 8 * other) / (own + other), 5);
    expect(Array.from(voted.boxes.data.slice(0, 3))).toEqual([0, 0, 10]);
    expect(voted.scores).toEqual(Float32Array.of(0.9));
  });

  it("returns classes ascending, inside a class in the order of `kept`", () => {
    const candidates = {
      boxes: boxes([0, 0, 1, 1], [10, 0, 11, 1], [20, 0, 21, 1], [30, 0, 31, 1]),
      scores: Float32Array.of(0.6, 0.7, 0.8, 0.9),
      labels: Int32Array.of(0, 2, 0, 2),
    };
    const voted = scoreVoting(Int32Array.of(3, 2, 1, 0), candidates);
    expect(voted.labels).toEqual(Int32Array.of(0, 0, 2, 2));
    expect(voted.scores).toEqual(Float32Array.of(0.8, 0.6, 0.9, 0.7));
    expect(Array.from(voted.boxes.data.slice(0, 4))).toEqual([20, 0, 21, 1]);
  });

  it("lets candidates vote only above the threshold, strictly", () => {
    const candidates = {
      boxes: boxes([0, 0, 10, 10], [0, 0, 10, 5]), // IoU 0.5
      scores: Float32Array.of(0.9, 0.8),
      labels: Int32Array.of(0, 0),
    };
    const kept = Int32Array.of(0);
    expect(scoreVoting(kept, candidates, { iouThreshold: 0.5 }).boxes.data[3]).toBe(10);
    expect(scoreVoting(kept, candidates, { iouThreshold: 0.49 }).boxes.data[3]).toBeLessThan(10);
    expect(scoreVoting(kept, candidates, { iouThreshold: 0.49, sigma: 1e9 }).boxes.data[3]).toBeCloseTo(
      (9 + 4) / 1.7,
      5,
    );
  });

  it("leaves a box without area where it is, and its arguments alone", () => {
    const candidates = { boxes: boxes([5, 0, 5, 9]), scores: Float32Array.of(0.9), labels: Int32Array.of(3) };
    const kept = Int32Array.of(0);
    expect(Array.from(scoreVoting(kept, candidates).boxes.data)).toEqual([5, 0, 5, 9]);
    expect(Array.from(candidates.boxes.data)).toEqual([5, 0, 5, 9]);
    expect(() => scoreVoting(Int32Array.of(1), candidates)).toThrow("kept must index the 1 candidates, got 1");
  });
});

describe("clusterOverlaps", () => {
  const [a, b] = [boxes([0, 0, 10, 10]), boxes([5, 0, 15, 10], [20, 0, 30, 10])];

  it("is the plain quotient without beta", () => {
    expect(clusterOverlaps(a, b).shape).toEqual([1, 2]);
    expect(clusterOverlaps(a, b).data[0]).toBeCloseTo(1 / 3, 6);
    expect(clusterOverlaps(a, b).data[1]).toBe(0);
  });

  it("subtracts the distance of the centres raised to beta", () => {
    const [near, far] = [25 / 325, 400 / 1000];
    expect(clusterOverlaps(a, b, { beta: 1 }).data[0]).toBeCloseTo(1 / 3 - near, 6);
    expect(clusterOverlaps(a, b, { beta: 0.8 }).data[1]).toBeCloseTo(-(far ** 0.8), 6);
    expect(clusterOverlaps(boxes(), b, { beta: 1 }).shape).toEqual([0, 2]);
  });

  it("adds its eps: a box without area has overlap 0 with itself", () => {
    const point = boxes([4, 4, 4, 4]);
    expect(clusterOverlaps(point, point, { beta: 0.8 }).data[0]).toBe(0);
  });
});
