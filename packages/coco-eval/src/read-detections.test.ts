import { describe, expect, it } from "vitest";
import { readDetections } from "./read-detections";

const one = { image_id: 7, category_id: 3, bbox: [1, 2, 3.5, 4], score: 0.25 };

describe("readDetections", () => {
  it("reads text, bytes and objects alike", () => {
    const expected = {
      imageIds: Float64Array.of(7),
      categoryIds: Float64Array.of(3),
      boxes: Float64Array.of(1, 2, 3.5, 4),
      scores: Float64Array.of(0.25),
    };
    const text = JSON.stringify([one]);
    expect(readDetections([one])).toEqual(expected);
    expect(readDetections(text)).toEqual(expected);
    expect(readDetections(new TextEncoder().encode(`\uFEFF ${text}\n`))).toEqual(expected);
    expect(readDetections([{ ...one, bbox: Float64Array.from(one.bbox) }])).toEqual(expected);
  });

  it("takes keys in any order, escaped and repeated, and passes others over", () => {
    const text = `[ { "segmentation" : {"size":[2,2],"counts":"a\\"]}b"}, "sc\\u006fre":1e-1, "bbox":"later", "id":9,
      "bbox" : [ -0, 1E2,3 , 4.50 ], "n":null, "category_id":-3, "extra":[[{}],[true,false]], "image_id":1e3 } ]`;
    const { imageIds, categoryIds, boxes, scores } = readDetections(text);
    expect([imageIds[0], categoryIds[0], ...boxes, scores[0]]).toEqual([1000, -3, -0, 100, 3, 4.5, 0.1]);
  });

  it("reads none, and more than its first room holds", () => {
    expect(readDetections("[]").scores).toHaveLength(0);
    expect(readDetections([]).boxes).toHaveLength(0);
    const many = Array.from({ length: 1000 }, (_, i) => ({ ...one, score: i / 7 }));
    expect(Array.from(readDetections(JSON.stringify(many)).scores)).toEqual(many.map(({ score }) => score));
  });

  it.each(["score", "bbox", "image_id", "category_id"])("names a missing %s", (key) => {
    const { [key as keyof typeof one]: _, ...rest } = one;
    const message = `readDetections: detections[1] has no "${key}"`;
    expect(() => readDetections([one, rest])).toThrow(message);
    expect(() => readDetections(JSON.stringify([one, rest]))).toThrow(message);
  });

  it.each([
    [{ ...one, score: "0.5" }, '"score" must be a number'],
    [{ ...one, score: null }, '"score" must be a number'],
    [{ ...one, bbox: [1, 2, 3] }, '"bbox" must be an array of 4 numbers'],
    [{ ...one, bbox: [1, 2, 3, 4, 5] }, '"bbox" must be an array of 4 numbers'],
    [{ ...one, bbox: [] }, '"bbox" must be an array of 4 numbers'],
    [{ ...one, bbox: [1, [2], 3, 4] }, '"bbox" must be an array of 4 numbers'],
    [{ ...one, image_id: "7.jpg" }, '"image_id" must be a number'],
    [12, "is not an object"],
    [[], "is not an object"],
  ])("refuses %j", (bad, message) => {
    expect(() => readDetections([bad])).toThrow(message);
    expect(() => readDetections(JSON.stringify([bad]))).toThrow(message);
  });

  it("refuses numbers that are not finite", () => {
    const message = "readDetections: detections[0] holds a number that is not finite";
    expect(() => readDetections([{ ...one, score: Number.NaN }])).toThrow(message);
    expect(() => readDetections('[{"image_id":7,"category_id":3,"bbox":[1,2,1e999,4],"score":1}]')).toThrow(message);
    expect(() => readDetections('[{"image_id":7,"score":NaN}]')).toThrow(/got NaN at byte 23/);
  });

  it("refuses what is not a list, or not JSON", () => {
    expect(() => readDetections({ annotations: [] })).toThrow(
      /^readDetections: wanted a list .* got an object; the results alone/,
    );
    expect(() => readDetections('{"annotations": []}')).toThrow(/wanted a list/);
    expect(() => readDetections("")).toThrow(/got nothing/);
    expect(() => readDetections(JSON.stringify([one]).slice(0, -3))).toThrow(/the text is truncated or not JSON/);
    expect(() => readDetections("[] []")).toThrow(/wanted the end after the list/);
    expect(() => readDetections("[1,]")).toThrow(/is not an object/);
  });
});
