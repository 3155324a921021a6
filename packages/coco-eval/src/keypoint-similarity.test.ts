import { describe, expect, it } from "vitest";
import type { CocoAnnotations } from "./coco-types";
import { keypointSimilarity } from "./keypoint-similarity";

const sigmas = Float64Array.of(0.05, 0.1);
const annotations = (keypoints: number[], boxes: number[] = [10, 10, 20, 20]): CocoAnnotations => ({
  ids: Float64Array.of(7),
  imageIds: Float64Array.of(1),
  categoryIds: Float64Array.of(1),
  boxes: Float64Array.from(boxes),
  areas: Float64Array.of(400),
  isCrowd: new Uint8Array(1),
  keypoints: Float64Array.from(keypoints),
});
const similarity = (detection: number[], annotation: CocoAnnotations) => {
  const out = new Float64Array(1);
  const detections = { keypoints: Float64Array.from(detection), scores: Float64Array.of(1) };
  keypointSimilarity(detections, annotation, sigmas)(Int32Array.of(0), Int32Array.of(0), out);
  return out[0]!;
};

describe("keypointSimilarity", () => {
  it("is 1 on the spot, and falls with the distance over the sigmas", () => {
    const object = annotations([12, 14, 2, 20, 24, 1]);
    expect(similarity([12, 14, 1, 20, 24, 1], object)).toBe(1);
    const far = (Math.exp(-(9 + 16) / 400 / 2 / 0.1 ** 2) + Math.exp(-1 / 400 / 2 / 0.2 ** 2)) / 2;
    expect(similarity([15, 18, 1, 20, 25, 1], object)).toBeCloseTo(far, 12);
  });

  it("looks at labelled keypoints only", () => {
    expect(similarity([12, 14, 1, -99, 99, 1], annotations([12, 14, 1, 0, 0, 0]))).toBe(1);
  });

  it("takes the distance to the doubled box without labelled keypoints", () => {
    const object = annotations([0, 0, 0, 0, 0, 0]);
    expect(similarity([-10, 50, 1, 50, -10, 1], object)).toBe(1);
    const outside = (1 + Math.exp(-(2 ** 2) / 400 / 2 / 0.2 ** 2)) / 2;
    expect(similarity([0, 0, 1, 52, 0, 1], object)).toBeCloseTo(outside, 12);
  });

  it("asks for as many keypoints as sigmas, and for the box where it stands for them", () => {
    const object = annotations([12, 14, 2, 20, 24, 1]);
    expect(() => similarity([1, 2, 3], object)).toThrow('evaluateCoco: detection 0 needs "keypoints" of 3 x 2');
    expect(() => similarity(Array(6).fill(Number.NaN), object)).toThrow("detection 0 needs");
    expect(() => similarity(Array(6).fill(0), annotations([1, 2, 2]))).toThrow("annotation id 7 needs");
    const unboxed = annotations(Array(6).fill(0), [Number.NaN, 1, 2, 3]);
    expect(() => similarity(Array(6).fill(0), unboxed)).toThrow('annotation id 7 needs a "bbox"');
  });
});
