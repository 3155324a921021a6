import { describe, expect, it } from "vitest";
import { evaluateCoco } from "./evaluate-coco";
import { readDetections } from "./read-detections";
import { readGroundTruth } from "./read-ground-truth";
import { encodeRle } from "./rle/encode-rle";
import { packMasks } from "./rle/pack-masks";

const mask = (rows: readonly string[]) =>
  encodeRle({ data: Uint8Array.from(rows.join(""), Number), shape: [rows.length, rows[0]!.length] });
const left = mask(["1100", "1100"]);
const middle = mask(["0110", "0110"]);

const groundTruth = {
  images: { ids: Float64Array.of(1), sizes: Float64Array.of(2, 4) },
  categories: { ids: Float64Array.of(1), names: ["thing"] },
  annotations: {
    ids: Float64Array.of(1),
    imageIds: Float64Array.of(1),
    categoryIds: Float64Array.of(1),
    boxes: Float64Array.of(0, 0, 2, 2),
    areas: Float64Array.of(4),
    isCrowd: Uint8Array.of(0),
    masks: packMasks([left]),
  },
};
const found = {
  imageIds: Float64Array.of(1, 1),
  categoryIds: Float64Array.of(1, 1),
  scores: Float64Array.of(0.9, 0.8),
};
const options = { iouType: "segm", iouThresholds: [0.3, 0.5] } as const;

describe("evaluateCoco of masks in memory", () => {
  it("compares masks, and takes boxes and areas from them", () => {
    const detections = { ...found, masks: packMasks([middle, left]) };
    const { ious, areaRanges } = evaluateCoco(groundTruth, detections, options).imageMatches(1, 1);
    expect(Array.from(ious.data)).toEqual([2 / 6, 1]);
    expect(Array.from(areaRanges[0]!.matchedAnnotation.data)).toEqual([0, -1, -1, 0]);
    expect(evaluateCoco(groundTruth, detections).imageMatches(1, 1).ious.data[0]).toBe(2 / 6);
  });

  it("draws a box as a mask where a detection has none", () => {
    const boxes = Float64Array.of(0, 0, 2, 2, 0, 0, 4, 2);
    const { ious } = evaluateCoco(
      groundTruth,
      { ...found, boxes, masks: packMasks([undefined, undefined]) },
      options,
    ).imageMatches(1, 1);
    expect(Array.from(ious.data)).toEqual([1, 0.5]);
    const unsized = { ...groundTruth, images: { ids: Float64Array.of(1) } };
    expect(() => evaluateCoco(unsized, { ...found, boxes, masks: packMasks([undefined, left]) }, options)).toThrow(
      "evaluateCoco: detection 0: image id 1 has no size",
    );
  });

  it("names the mask that cannot be used", () => {
    const cut = { size: [2, 4] as const, counts: Uint32Array.of(1, 2) };
    expect(() => evaluateCoco(groundTruth, { ...found, masks: packMasks([left, cut]) }, options)).toThrow(
      "evaluateCoco: detection 1: the counts must add up to height x width, got 3 for 2 x 4",
    );
    const boxes = new Float64Array(8);
    expect(() => evaluateCoco(groundTruth, { ...found, boxes, masks: packMasks([left]) }, options)).toThrow(
      "sizes of masks of 2 detections (as many as scores) must hold 4 numbers, got 2",
    );
    expect(() => evaluateCoco(groundTruth, found)).toThrow("detections must have boxes, masks or keypoints");
    expect(() => evaluateCoco(groundTruth, { ...found, boxes }, options)).toThrow("needs masks of the detections");
  });

  it("takes masks of files, and says which annotation has none", () => {
    const bbox = [0, 0, 2, 2];
    const annotation = { id: 5, image_id: 1, category_id: 1, area: 4, iscrowd: 0, bbox };
    const file = (segmentation?: unknown) => ({
      images: [{ id: 1, height: 2, width: 4 }],
      categories: [{ id: 1 }],
      annotations: [{ ...annotation, segmentation }],
    });
    const read = (segmentation: unknown) => readGroundTruth(file(segmentation), { iouType: "segm" });
    const detections = readDetections([{ image_id: 1, category_id: 1, bbox, score: 1 }], { iouType: "segm" });
    expect(evaluateCoco(read([[0, 0, 0, 2, 2, 2, 2, 0]]), detections, options).stats[6]).toBe(1);
    for (const unusable of [undefined, [], [[1, 2, 3, 4]], { size: [2, 4] }]) {
      expect(() => evaluateCoco(read(unusable), detections, options)).toThrow(
        'evaluateCoco: annotation id 5 needs "segmentation" (polygons',
      );
    }
    const broken = readDetections([{ image_id: 1, category_id: 1, bbox, score: 1, segmentation: null }], {
      iouType: "segm",
    });
    expect(() => evaluateCoco(read([[0, 0, 0, 2, 2, 2]]), broken, options)).toThrow(
      'detection 0 needs a "segmentation"',
    );
  });
});

describe("evaluateCoco of keypoints in memory", () => {
  const person = {
    ...groundTruth,
    annotations: { ...groundTruth.annotations, keypoints: Float64Array.of(1, 1, 2), areas: Float64Array.of(2000) },
  };
  const detections = { ...found, keypoints: Float64Array.of(1, 1, 1, 90, 90, 1) };
  const pose = { iouType: "keypoints", keypointSigmas: [0.1] } as const;

  it("has ten numbers, taken at 20 detections, without small objects", () => {
    const { stats, namedStats, parameters } = evaluateCoco(person, detections, pose);
    expect(namedStats.map(({ name }) => name).join(" ")).toBe("AP AP50 AP75 APm APl AR AR50 AR75 ARm ARl");
    expect(Array.from(stats.slice(5))).toEqual([1, 1, 1, 1, -1]);
    expect(parameters.areaRanges.map(({ label }) => label)).toEqual(["all", "medium", "large"]);
    expect(parameters.maxDetections).toEqual([20]);
    expect(evaluateCoco(person, detections, { ...pose, maxDetections: [5] }).stats[0]).toBe(-1);
  });

  it("need not find objects without labelled keypoints, by the count given or counted", () => {
    const unlabelled = { ...person.annotations, keypoints: Float64Array.of(0, 0, 0) };
    expect(evaluateCoco({ ...person, annotations: unlabelled }, detections, pose).stats[0]).toBe(-1);
    const counted = { ...person.annotations, keypointCounts: Int32Array.of(0) };
    expect(evaluateCoco({ ...person, annotations: counted }, detections, pose).stats[0]).toBe(-1);
    const open = { ...person.annotations, keypointCounts: Int32Array.of(-1) };
    expect(() => evaluateCoco({ ...person, annotations: open }, detections, pose)).toThrow('needs "num_keypoints"');
  });

  it("matches nothing when categories are pooled, as pycocotools", () => {
    expect(evaluateCoco(person, detections, { ...pose, useCategories: false, iouThresholds: [-1] }).stats[0]).toBe(0);
  });
});
