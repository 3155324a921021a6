import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { softNms } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
/** IoU 1/3 of the first two, 0 of the third. */
const three = boxes([0, 0, 10, 10], [5, 0, 15, 10], [100, 0, 110, 10]);
const scores = Float32Array.of(0.9, 0.6, 0.5);

describe("softNms", () => {
  it("lowers an overlapping score by 1 - IoU, by the Gaussian, or to nothing", () => {
    const linear = softNms(three, scores);
    expect(linear.kept).toEqual(Int32Array.of(0, 2, 1));
    expect(linear.scores[2]).toBeCloseTo(0.6 * (2 / 3), 6);
    const gaussian = softNms(three, scores, { method: "gaussian", sigma: 0.25 });
    expect(gaussian.scores[2]).toBeCloseTo(0.6 * Math.exp(-1 / 9 / 0.25), 6);
    expect(softNms(three, scores, { method: "naive" }).kept).toEqual(Int32Array.of(0, 2));
  });

  it("leaves overlaps below the threshold alone; the threshold itself counts", () => {
    const half = boxes([0, 0, 10, 10], [0, 0, 10, 5]); // IoU 0.5 exactly
    const best = Float32Array.of(0.9, 0.8);
    expect(softNms(half, best, { iouThreshold: 0.5 }).scores[1]).toBeCloseTo(0.4, 6);
    expect(softNms(half, best, { iouThreshold: 0.51 }).scores[1]).toBe(Math.fround(0.8));
  });

  it("drops what falls below `minScore`, but never asks the first", () => {
    expect(softNms(three, scores, { minScore: 0.45 }).kept).toEqual(Int32Array.of(0, 2));
    expect(softNms(three, scores, { minScore: 0.95 }).kept).toEqual(Int32Array.of(0));
  });

  it("decays several times, and picks again by the new scores", () => {
    const pile = boxes([0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 8]);
    const { kept, scores: left } = softNms(pile, Float32Array.of(0.9, 0.8, 0.7), { minScore: 0.01 });
    expect(kept).toEqual(Int32Array.of(0, 2)); // the twin is gone: IoU 1
    expect(left[1]).toBeCloseTo(0.7 * 0.2, 6);
  });

  it("keeps classes apart if given, and at most `limit`", () => {
    const labels = Int32Array.of(0, 1, 0);
    expect(softNms(three, scores, { labels })).toEqual({ kept: Int32Array.of(0, 1, 2), scores });
    expect(softNms(three, scores, { limit: 1 }).kept).toEqual(Int32Array.of(0));
    expect(softNms(boxes(), new Float32Array(0)).kept).toHaveLength(0);
  });

  it("gives the same first boxes with and without a limit", () => {
    const stream = random(3);
    const rows = Array.from({ length: 200 }, () => {
      const [x, y] = [stream.uniform() * 80, stream.uniform() * 80];
      return [x, y, x + 5 + stream.uniform() * 30, y + 5 + stream.uniform() * 30];
    });
    const best = Float32Array.from(rows, () => stream.uniform());
    const all = softNms(boxes(...rows), best, { method: "gaussian" });
    const few = softNms(boxes(...rows), best, { method: "gaussian", limit: 20 });
    expect(few).toEqual({ kept: all.kept.slice(0, 20), scores: all.scores.slice(0, 20) });
    for (let i = 1; i < all.scores.length; i++) expect(all.scores[i]!).toBeLessThanOrEqual(all.scores[i - 1]!);
  });

  it("never makes NaN of boxes without area, and changes no argument", () => {
    const points = boxes([5, 5, 5, 9], [5, 5, 5, 9], [0, 0, 10, 10]);
    const best = Float32Array.of(0.9, 0.8, 0.7);
    expect(softNms(points, best, { method: "gaussian" }).scores).toEqual(best);
    expect(best).toEqual(Float32Array.of(0.9, 0.8, 0.7));
  });

  it("refuses what does not fit", () => {
    expect(() => softNms(three, Float32Array.of(1))).toThrow("softNms: 3 boxes need as many scores, got 1");
    expect(() => softNms(three, scores, { sigma: 0 })).toThrow("sigma must be positive, got 0");
    expect(() => softNms(three, scores, { iouThreshold: 2 })).toThrow("iouThreshold must be in [0, 1], got 2");
    expect(() => softNms(three, scores, { method: "cubic" as "linear" })).toThrow('got "cubic"');
    expect(() => softNms(three, scores, { labels: Int32Array.of(0, 1, -1) })).toThrow("non-negative, got -1");
  });
});
