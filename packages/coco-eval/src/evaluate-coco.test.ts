import { describe, expect, it } from "vitest";
import type { CocoDetections, EvaluateCocoOptions } from "./coco-types";
import { evaluateCoco } from "./evaluate-coco";
import { readDetections } from "./read-detections";
import { readGroundTruth } from "./read-ground-truth";

type Box = [number, number, number, number];

const gt = (image_id: number, category_id: number, bbox: Box, rest: object = {}) => ({
  id: 1 + image_id * 100 + bbox[0],
  image_id,
  category_id,
  bbox,
  area: bbox[2] * bbox[3],
  iscrowd: 0,
  ...rest,
});
const dt = (image_id: number, category_id: number, bbox: Box, score: number) => ({
  image_id,
  category_id,
  bbox,
  score,
});
const truth = (annotations: object[]) =>
  readGroundTruth({
    images: [{ id: 2 }, { id: 1 }],
    categories: [
      { id: 20, name: "dog" },
      { id: 10, name: "cat" },
    ],
    annotations,
  });
const evaluate = (annotations: object[], detections: object[], options: EvaluateCocoOptions = {}) =>
  evaluateCoco(truth(annotations), readDetections(detections), options);
const a: Box = [0, 0, 40, 40];
const b: Box = [60, 0, 40, 40];

describe("evaluateCoco", () => {
  it("gives 1 less the spacing for a perfect detection, category by ascending id", () => {
    const { stats, perClass, precision, recall, scores } = evaluate([gt(1, 10, a)], [dt(1, 10, a, 0.5)]);
    expect(stats[0]).toBe(0.9999999999999998);
    expect(precision.shape).toEqual([10, 101, 2, 4, 3]);
    expect(recall.shape).toEqual([10, 2, 4, 3]);
    expect(scores.data[0]).toBe(0.5);
    expect(perClass.map(({ categoryId, name, ar }) => [categoryId, name, ar])).toEqual([
      [10, "cat", 1],
      [20, "dog", -1],
    ]);
  });

  it("interpolates precision over recall", () => {
    // false, true, false, true: precision 1/2 at recall 1/2 and at 1
    const found = [dt(1, 10, [200, 0, 9, 9], 0.9), dt(1, 10, a, 0.8), dt(2, 10, a, 0.7), dt(2, 10, b, 0.6)];
    const { perClass, precision, scores } = evaluate([gt(1, 10, a), gt(2, 10, b)], found);
    expect(perClass[0]!.ap).toBeCloseTo(0.5, 12);
    const at = (level: number) => (level * 2 * 4 + 0) * 3 + 2; // threshold 0, category 0, area all, limit 100
    expect([precision.data[at(0)], precision.data[at(50)], precision.data[at(51)]]).toEqual(
      Array(3).fill(2 / (4 + 2 ** -52)),
    );
    expect([scores.data[at(0)], scores.data[at(50)], scores.data[at(51)]]).toEqual([0.9, 0.8, 0.6]);
  });

  it("gives 0 without detections and -1 without ground truth, never NaN", () => {
    expect(Array.from(evaluate([gt(1, 10, a)], []).stats)).toEqual([0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, -1]);
    expect(Array.from(evaluate([], [dt(1, 10, a, 1)]).stats)).toEqual(Array(12).fill(-1));
    expect(Array.from(evaluate([], []).stats)).toEqual(Array(12).fill(-1));
    expect(Array.from(evaluate([gt(1, 10, a, { iscrowd: 1 })], [dt(1, 10, a, 1)]).stats)).toEqual(Array(12).fill(-1));
  });

  it("orders equal scores by ascending image id, whatever the order of the file", () => {
    const tied = [dt(2, 10, a, 0.5), dt(1, 10, a, 0.5)];
    expect(evaluate([gt(2, 10, a)], tied).perClass[0]!.ap50).toBeCloseTo(0.5, 12);
    expect(evaluate([gt(1, 10, a)], tied).perClass[0]!.ap50).toBeCloseTo(1, 12);
  });

  it("keeps the limit per image and category", () => {
    const many = Array.from({ length: 4 }, (_, i) => dt(1, 10, i < 3 ? [200, i, 9, 9] : a, 0.5));
    const { recall } = evaluate([gt(1, 10, a)], many, { maxDetections: [4, 1, 3] });
    expect(Array.from(recall.data.slice(0, 3))).toEqual([0, 0, 1]);
  });

  it("pools categories when they are not used", () => {
    const { perClass, precision } = evaluate([gt(1, 10, a)], [dt(1, 20, a, 0.5)], { useCategories: false });
    expect(precision.shape[2]).toBe(1);
    expect(perClass).toEqual([
      { categoryId: -1, name: "all categories", ap: 0.9999999999999998, ap50: 0.9999999999999999, ar: 1 },
    ]);
  });

  it("drops unknown categories, and images that are not asked for", () => {
    const found = [dt(1, 99, a, 0.9), dt(2, 10, b, 0.8), dt(1, 10, a, 0.7)];
    const { perClass, parameters } = evaluate([gt(1, 10, a)], found, { imageIds: [1, 1], categoryIds: [10] });
    expect(perClass[0]!.ap50).toBeCloseTo(1, 12);
    expect([Array.from(parameters.imageIds), Array.from(parameters.categoryIds)]).toEqual([[1], [10]]);
  });

  it("counts an annotation with id 0 as never found, as pycocotools does", () => {
    expect(evaluate([gt(1, 10, a, { id: 0 })], [dt(1, 10, a, 1)]).stats[8]).toBe(0);
    expect(evaluate([gt(1, 10, a, { id: -4 })], [dt(1, 10, a, 1)]).stats[8]).toBe(1);
  });

  it("leaves its inputs as they are and repeats itself", () => {
    const groundTruth = truth([gt(1, 10, a), gt(2, 20, b)]);
    const detections = readDetections([dt(2, 20, b, 0.3), dt(1, 10, a, 0.5)]);
    const copy = structuredClone({ groundTruth, detections });
    const first = evaluateCoco(groundTruth, detections);
    expect({ groundTruth, detections }).toEqual(copy);
    expect(evaluateCoco(groundTruth, detections).precision).toEqual(first.precision);
  });

  it("shows the matches of an image", () => {
    const found = [dt(1, 10, [300, 0, 5, 5], 0.2), dt(1, 10, a, 0.9)];
    const { imageMatches } = evaluate([gt(1, 10, a), gt(1, 10, b, { iscrowd: 1 })], found);
    const { detections, annotations, ious, areaRanges } = imageMatches(1, 10);
    expect([Array.from(detections), Array.from(annotations), Array.from(ious.data)]).toEqual([
      [1, 0],
      [0, 1],
      [1, 0, 0, 0],
    ]);
    const [all, small] = areaRanges;
    expect(Array.from(all!.matchedAnnotation.data.slice(0, 2))).toEqual([0, -1]);
    expect(Array.from(all!.matchedDetection.data.slice(0, 2))).toEqual([0, -1]);
    expect(Array.from(all!.ignoredAnnotation)).toEqual([0, 1]);
    expect(Array.from(small!.ignoredDetection.data.slice(0, 2))).toEqual([1, 0]);
    expect(imageMatches(2, 20).ious.shape).toEqual([0, 0]);
    expect(() => imageMatches(3, 10)).toThrow("imageMatches: image id 3 is not among the ids that were evaluated");
  });
});

describe("evaluateCoco refuses", () => {
  const good = readDetections([dt(1, 10, a, 0.5)]);
  const replaced = (part: Partial<CocoDetections>) => () => evaluateCoco(truth([]), { ...good, ...part });

  it("detections it cannot judge", () => {
    expect(() => evaluate([], [dt(3, 10, a, 1)])).toThrow(
      "evaluateCoco: detection 0 is on image id 3, which is not there",
    );
    expect(replaced({ scores: Float64Array.of(Number.NaN) })).toThrow(
      "the score of detection 0 must be finite, got NaN",
    );
    expect(replaced({ boxes: Float64Array.of(0, 0, 1, Infinity) })).toThrow(
      "the box of detection 0 must be finite, got Infinity",
    );
    expect(replaced({ boxes: new Float64Array(3) })).toThrow(
      "boxes of 1 detections (as many as scores) must hold 4 numbers, got 3",
    );
  });

  it.each([
    ["area", { area: undefined }],
    ["area", { area: Number.NaN }],
    ["iscrowd", { iscrowd: undefined }],
    ["bbox", { bbox: undefined }],
  ])("an annotation without %s, if it is evaluated", (key, rest) => {
    expect(() => evaluate([gt(1, 10, a, rest)], [])).toThrow(`evaluateCoco: annotation id 101 needs "${key}"`);
    expect(evaluate([gt(1, 10, a, rest)], [], { imageIds: [2] }).stats[0]).toBe(-1);
  });

  it.each<[EvaluateCocoOptions, string]>([
    [{ maxDetections: [1, 10] }, "maxDetections must be at least three positive whole numbers"],
    [{ maxDetections: [0, 1, 10] }, "got [0,1,10]"],
    [{ iouThresholds: [] }, "iouThresholds must not be empty"],
    [{ recallThresholds: [0, Number.NaN] }, "recallThresholds must be finite numbers, got NaN at 1"],
    [{ areaRanges: [] }, "areaRanges must not be empty"],
    [{ areaRanges: [{ label: "all", min: 2, max: 1 }] }, 'area range "all" must have min <= max, got 2, 1'],
    [{ iouType: "pose" } as unknown as EvaluateCocoOptions, 'iouType must be one of bbox, segm, keypoints, got "pose"'],
    [
      { iouType: "segm" },
      'iouType "segm" needs masks of the ground truth; files are read for it with { iouType: "segm" }',
    ],
    [{ iouType: "keypoints" }, 'iouType "keypoints" needs keypoints of the ground truth'],
    [{ iouType: "keypoints", maxDetections: [] }, "maxDetections must be positive whole numbers, at least one"],
    [{ keypointSigmas: [0.1, 0] }, "keypointSigmas must be above 0"],
  ])("options outside their domain, case %#", (options, message) => {
    expect(() => evaluate([], [], options)).toThrow(message);
  });
});
