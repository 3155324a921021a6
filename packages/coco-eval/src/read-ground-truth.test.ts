import { describe, expect, it } from "vitest";
import { readGroundTruth } from "./read-ground-truth";

const annotation = {
  id: 5,
  image_id: 7,
  category_id: 3,
  bbox: [1, 2, 3, 4],
  area: 10.5,
  iscrowd: 1,
  segmentation: [[1, 2]],
};
const file = {
  info: { year: 2017 },
  annotations: [annotation],
  images: [{ id: 7, file_name: "7.jpg", height: 4, width: 5 }, { id: 2 }],
  categories: [{ id: 3, name: "caf\u00e9 \u{1f600}" }, { id: 1 }],
};

describe("readGroundTruth", () => {
  it("reads text, bytes and objects alike", () => {
    const expected = {
      images: { ids: Float64Array.of(7, 2), sizes: Float64Array.of(4, 5, Number.NaN, Number.NaN) },
      categories: { ids: Float64Array.of(3, 1), names: ["caf\u00e9 \u{1f600}", "1"] },
      annotations: {
        ids: Float64Array.of(5),
        imageIds: Float64Array.of(7),
        categoryIds: Float64Array.of(3),
        boxes: Float64Array.of(1, 2, 3, 4),
        areas: Float64Array.of(10.5),
        isCrowd: Uint8Array.of(1),
      },
    };
    expect(readGroundTruth(file)).toEqual(expected);
    expect(readGroundTruth(JSON.stringify(file))).toEqual(expected);
    expect(readGroundTruth(new TextEncoder().encode(JSON.stringify(file, null, 2)))).toEqual(expected);
  });

  it("leaves box, area and crowd flag open where the file does", () => {
    const { annotations } = readGroundTruth({ ...file, annotations: [{ id: 1, image_id: 7, category_id: 3 }] });
    expect(annotations.areas[0]).toBeNaN();
    expect(annotations.boxes[3]).toBeNaN();
    expect(annotations.isCrowd[0]).toBe(255);
    const { annotations: flagged } = readGroundTruth({ ...file, annotations: [{ ...annotation, iscrowd: false }] });
    expect(flagged.isCrowd[0]).toBe(0);
  });

  it("takes a file without annotations as one that has none", () => {
    const { annotations: _, ...rest } = file;
    expect(readGroundTruth(rest).annotations.ids).toHaveLength(0);
    expect(readGroundTruth(JSON.stringify(rest)).annotations.boxes).toHaveLength(0);
  });

  it.each([
    [{ ...file, images: undefined }, 'readGroundTruth: wanted a list "images" in the COCO annotation file, got none'],
    [{ ...file, categories: {} }, 'wanted a list "categories"'],
    [{ ...file, annotations: 3 }, 'wanted a list "annotations"'],
    [{ ...file, images: [{}] }, 'images[0] has no "id"'],
    [{ ...file, categories: [{ name: "x" }] }, 'categories[0] has no "id"'],
    [{ ...file, annotations: [annotation, { id: 1, category_id: 2 }] }, 'annotations[1] has no "image_id"'],
    [{ ...file, annotations: [{ ...annotation, area: null }] }, 'annotations[0]: "area" must be a number'],
    [{ ...file, images: [{ id: "a" }] }, 'images[0]: "id" must be a number'],
    [[annotation], "wanted { images, categories, annotations }, got a list"],
  ])("refuses case %#", (bad, message) => {
    expect(() => readGroundTruth(bad)).toThrow(message);
    expect(() => readGroundTruth(JSON.stringify(bad))).toThrow(message);
  });

  it("refuses text that is not one JSON object", () => {
    expect(() => readGroundTruth("12")).toThrow("got another value");
    expect(() => readGroundTruth(`${JSON.stringify(file)}x`)).toThrow(/wanted the end after the object, got "x"/);
    expect(() => readGroundTruth('{"images": [')).toThrow(/the text is truncated or not JSON/);
  });
});
