import { describe, expect, it } from "vitest";
import { readDetections } from "./read-detections";
import { readGroundTruth } from "./read-ground-truth";

const one = { image_id: 1, category_id: 1, score: 0.5 };
const points = [1, 2, 1, 4, 8, 2];

describe("keypoints of readDetections", () => {
  it("are read when they are compared, in text and objects", () => {
    const list = [
      { ...one, bbox: [0, 0, 1, 1], keypoints: points },
      { ...one, bbox: [0, 0, 1, 1] },
    ];
    for (const json of [list, JSON.stringify(list)]) {
      expect(readDetections(json).keypoints).toBeUndefined();
      const { keypoints, areas } = readDetections(json, { iouType: "keypoints" });
      expect(Array.from(keypoints!)).toEqual([...points, ...Array(6).fill(Number.NaN)]);
      expect(areas).toBeUndefined();
    }
  });

  it("give boxes and areas where there are neither boxes nor masks", () => {
    const { boxes, areas } = readDetections([{ ...one, keypoints: points }]);
    expect([...boxes, ...areas!]).toEqual([1, 2, 3, 6, 18]);
    expect(() => readDetections([{ ...one, keypoints: points }, one])).toThrow('detections[1] has no "keypoints"');
    expect(() => readDetections([{ ...one, keypoints: [] }])).toThrow('"keypoints" must be a list of numbers');
  });
});

describe("keypoints of readGroundTruth", () => {
  const read = (annotations: object[]) =>
    readGroundTruth(JSON.stringify({ images: [], categories: [], annotations }), { iouType: "keypoints" }).annotations;
  const annotation = { id: 1, image_id: 1, category_id: 1 };

  it("come with how many are labelled", () => {
    const { keypoints, keypointCounts } = read([{ ...annotation, num_keypoints: 2, keypoints: points }, annotation]);
    expect(keypointCounts).toEqual(Int32Array.of(2, -1));
    expect(keypoints).toHaveLength(12);
  });

  it("are NaN in rows that cannot be used, before and behind the first that can", () => {
    const odd = [{ keypoints: [1, 2] }, { keypoints: points }, { keypoints: [1, 2, 3] }, { keypoints: "x" }];
    const { keypoints } = read(odd.map((rest) => ({ ...annotation, ...rest })));
    const empty = Array(6).fill(Number.NaN);
    expect(Array.from(keypoints!)).toEqual([...empty, ...points, ...empty, ...empty]);
    const infinite =
      '{"images":[],"categories":[],"annotations":[{"id":1,"image_id":1,"category_id":1,"keypoints":[1,2,1e999]}]}';
    expect(readGroundTruth(infinite, { iouType: "keypoints" }).annotations.keypoints?.[0]).toBeNaN();
    expect(read([annotation]).keypoints).toHaveLength(0);
  });
});
