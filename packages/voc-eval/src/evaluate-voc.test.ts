import { ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { evaluateVoc, formatVoc, type VocImage, vocThresholds } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const objects = (rows: number[][], labels = rows.map(() => 0), difficult = rows.map(() => 0)): VocImage => ({
  boxes: boxes(...rows),
  labels: Int32Array.from(labels),
  difficult: Uint8Array.from(difficult),
});
const found = (rows: number[][], scores: number[], labels = rows.map(() => 0)) => ({
  boxes: boxes(...rows),
  scores: Float32Array.from(scores),
  labels: Int32Array.from(labels),
});
const [a, b, far] = [
  [0, 0, 10, 10],
  [20, 0, 30, 10],
  [90, 90, 99, 99],
];
const one = { classes: ["cat"], iouThresholds: [0.5] };
const apOf = (...args: Parameters<typeof evaluateVoc>) => evaluateVoc(...args).ap;

describe("evaluateVoc", () => {
  it("gives 1 for perfect detections, at all ten thresholds", () => {
    const result = evaluateVoc([objects([a!, b!])], [found([a!, b!], [0.9, 0.8])], { classes: ["cat"] });
    expect(result.meanAp).toEqual(new Float32Array(10).fill(1));
    expect(result.iouThresholds).toEqual(vocThresholds());
    expect(result.iouThresholds[2]).toBe(0.6000000000000001);
    expect(result.perClass[0]).toMatchObject({ name: "cat", gts: 2, dets: 2 });
  });

  it("is the area under the precision envelope, or the mean over eleven recall levels", () => {
    // true, false, true of three objects: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3
    const images = [objects([a!, b!, [40, 0, 50, 10]])];
    const detections = [found([a!, far!, b!], [0.9, 0.8, 0.7])];
    expect(apOf(images, detections, one)).toBeCloseTo((1 + 2 / 3) / 3, 6);
    expect(apOf(images, detections, { ...one, interpolation: "11points" })).toBeCloseTo((4 + 3 * (2 / 3)) / 11, 6);
    const { perClass } = evaluateVoc(images, detections, one);
    expect(perClass[0]!.curves[0]!.precision).toEqual(Float32Array.of(1, 0.5, 2 / 3));
    expect(perClass[0]!.recall[0]).toBe(2 / 3);
  });

  it("counts a second detection of an object as false, with no search for another object", () => {
    const images = [objects([a!, [1, 0, 11, 10]])];
    const twice = [found([a!, a!], [0.9, 0.8])]; // the second overlaps the other object by 9/11, but looks at its best only
    expect(apOf(images, twice, one)).toBeCloseTo(0.5, 6);
  });

  it("lets difficult objects be found or missed for nothing, and prefers the others at equal overlap", () => {
    const images = [objects([b!, a!], [0, 0], [1, 0])];
    expect(apOf(images, [found([b!, b!, a!], [0.9, 0.8, 0.7])], one)).toBe(1);
    expect(evaluateVoc(images, [found([a!], [0.9])], one).perClass[0]!.gts).toBe(1);
    const twins = [objects([a!, a!], [0, 0], [1, 0])];
    expect(apOf(twins, [found([a!], [0.9])], one)).toBe(1);
  });

  it("ranks detections over all images, equal scores in the order of images", () => {
    const images = [objects([a!]), objects([a!])];
    const detections = [found([far!], [0.5]), found([a!], [0.5])];
    expect(apOf(images, detections, one)).toBeCloseTo(0.25, 6);
    expect(apOf([...images].reverse(), [...detections].reverse(), one)).toBeCloseTo(0.5, 6);
  });

  it("leaves classes without objects out of the mean", () => {
    const result = evaluateVoc([objects([a!])], [found([a!, b!], [0.9, 0.8], [0, 1])], { ...one, classes: ["a", "b"] });
    expect(result.ap).toBe(1);
    expect(result.perClass[1]).toMatchObject({ gts: 0, dets: 1, ap: Float32Array.of(0) });
    expect(apOf([objects([])], [found([], [])], one)).toBe(0);
    expect(apOf([], [], one)).toBe(0);
  });

  it("counts objects of a size only, and no detection outside it that finds nothing", () => {
    const big = [0, 0, 64, 64];
    const images = [objects([a!, big])];
    const detections = [found([big, [50, 50, 55, 55], a!, far!], [0.9, 0.8, 0.7, 0.6])];
    const large = evaluateVoc(images, detections, { ...one, sideRange: [32, 1000] });
    expect(large.perClass[0]!.gts).toBe(1);
    expect(large.ap).toBe(1);
    const small = evaluateVoc(images, detections, { ...one, sideRange: [0, 32] });
    expect(small.ap).toBeCloseTo(0.5, 6); // 5 px: false; 10 px: true
  });

  it("prints a table", () => {
    const result = evaluateVoc([objects([a!, b!])], [found([a!], [0.9])], one);
    expect(formatVoc(result).split("\n").slice(0, 4)).toEqual([
      "IoU 0.50",
      "class  gts  dets  recall    ap",
      "-----  ---  ----  ------  ----",
      "cat      2     1    50.0  50.0",
    ]);
    expect(formatVoc(result)).toMatch(/mAP +50\.0$/);
  });
});

describe("evaluateVoc refuses", () => {
  const images = [objects([a!])];
  const detections = [found([a!], [0.9])];
  it.each<[string, Parameters<typeof evaluateVoc>, string]>([
    ["other counts", [images, [], one], "1 images need as many lists of detections, got 0"],
    [
      "labels out of range",
      [images, [found([a!], [1], [1])], one],
      "detections[0] has label 1, but there are 1 classes",
    ],
    ["missing scores", [images, [found([a!], [])], one], "detections[0]: 1 boxes need as many scores, got 0"],
    ["NaN scores", [images, [found([a!], [Number.NaN])], one], "score that is not finite"],
    ["NaN boxes", [[objects([[0, 0, Number.NaN, 1]])], detections, one], "images[0] has a box that is not finite"],
    ["thresholds", [images, detections, { ...one, iouThresholds: [0] }], "iouThresholds must be numbers in (0, 1]"],
    ["ranges", [images, detections, { ...one, sideRange: [5, 1] }], "sideRange must be [low, high]"],
    ["interpolations", [images, detections, { ...one, interpolation: "12" as "area" }], 'got "12"'],
  ])("%s", (_, args, message) => {
    expect(() => evaluateVoc(...args)).toThrow(message);
  });
});
