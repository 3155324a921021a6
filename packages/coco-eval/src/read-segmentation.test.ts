import { describe, expect, it } from "vitest";
import type { CocoMasks } from "./coco-types";
import { readDetections } from "./read-detections";
import { readGroundTruth } from "./read-ground-truth";

const images = [{ id: 1, height: 5, width: 4 }, { id: 2 }];
const square = [1, 1, 1, 4, 3, 4, 3, 1];

/** Size and compressed counts of the one annotation's mask; from text and from objects. */
function maskOf(segmentation: unknown, imageId = 1): [number, number, string] {
  const annotation = { id: 1, image_id: imageId, category_id: 1, ...(segmentation !== undefined && { segmentation }) };
  const file = { annotations: [annotation], images, categories: [{ id: 1 }] };
  const read = [file, JSON.stringify(file)].map((json) => {
    const { sizes, counts } = readGroundTruth(json, { iouType: "segm" }).annotations.masks as CocoMasks;
    return [sizes[0]!, sizes[1]!, String.fromCharCode(...counts)] as [number, number, string];
  });
  expect(read[1]).toEqual(read[0]);
  return read[0]!;
}

describe("a mask of readGroundTruth", () => {
  it("is what compressed counts say, escapes undone", () => {
    expect(maskOf({ size: [5, 4], counts: "j0" })).toEqual([5, 4, "j0"]);
    expect(maskOf({ counts: "a\\b\\", size: [500, 4] })).toEqual([500, 4, "a\\b\\"]);
    const text = `{"images":${JSON.stringify(images)},"categories":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1,
      "segmentation":{"si\\u007ae":[ 5 , 4.0 ],"other":[{}],"counts":"\\u006a\\\\0"}}]}`;
    const { masks } = readGroundTruth(text, { iouType: "segm" }).annotations;
    expect(String.fromCharCode(...masks!.counts)).toBe("j\\0");
    expect(Array.from(masks!.sizes)).toEqual([5, 4]);
  });

  it("is compressed from plain counts, drawn from polygons", () => {
    expect(maskOf({ size: [5, 4], counts: [6, 3, 2, 3, 6] })).toEqual([5, 4, "63204"]);
    expect(maskOf([square])).toEqual(maskOf({ size: [5, 4], counts: [6, 3, 2, 3, 6] }));
    expect(maskOf([square, [0, 0, 0, 1, 1, 1, 1, 0], [2]])).toEqual([-2, -2, ""]);
    expect(maskOf([square, [0, 0, 0, 1, 1, 1, 1, 0], [2, 2]])).toEqual(
      maskOf({ size: [5, 4], counts: [0, 1, 5, 3, 2, 3, 6] }),
    );
  });

  it("is none where the file has none", () => expect(maskOf(undefined)).toEqual([-1, -1, ""]));

  it.each([
    [null],
    [7],
    ["63204"],
    [[]],
    [[[1, 2, 3, 4]]],
    [square],
    [[square, "x"]],
    [[[1, 2, 3, 4, 5, null]]],
    [{ size: [5, 4] }],
    [{ counts: "j0" }],
    [{ size: [5], counts: "j0" }],
    [{ size: [5, -4], counts: "j0" }],
    [{ size: [5, 2 ** 31], counts: "j0" }],
    [{ size: [5, 4], counts: [6, -3] }],
    [{ size: [5, 4], counts: [6.5, 3.5] }],
    [{ size: [5, 4], counts: [6, "3"] }],
    [{ size: [5, 4], counts: {} }],
    [{}],
  ])("cannot be used: %j", (segmentation) => expect(maskOf(segmentation)).toEqual([-2, -2, ""]));

  it("cannot be drawn without the image's size", () => {
    expect(maskOf([square], 2)).toEqual([-2, -2, ""]);
    expect(maskOf([square], 3)).toEqual([-2, -2, ""]);
  });

  it("is only read when it is compared", () => {
    expect(readGroundTruth({ images, categories: [], annotations: [] }).annotations.masks).toBeUndefined();
  });

  it("takes the last of a repeated key", () => {
    const text = `{"images":[],"categories":[],"annotations":[{"id":1,"image_id":1,"category_id":1,
      "segmentation":[[1,2,3]],"segmentation":{"size":[1,2],"counts":[2]}}]}`;
    expect(readGroundTruth(text, { iouType: "segm" }).annotations.masks?.sizes).toEqual(Float64Array.of(1, 2));
  });
});

describe("masks of readDetections", () => {
  const one = { image_id: 1, category_id: 1, score: 0.5 };
  const mask = { size: [5, 4], counts: "63204" };

  it("give boxes and areas where the first detection has no box", () => {
    const list = [
      { ...one, segmentation: mask },
      { ...one, segmentation: mask, bbox: [9, 8, 7, 6] },
    ];
    for (const json of [list, JSON.stringify(list)]) {
      const { boxes, areas, masks } = readDetections(json);
      expect(Array.from(boxes)).toEqual([1, 1, 2, 3, 9, 8, 7, 6]);
      expect(areas).toEqual(Float64Array.of(6, 6));
      expect(masks).toBeUndefined();
      expect(readDetections(json, { iouType: "segm" }).masks?.starts).toEqual(Float64Array.of(0, 5, 10));
    }
  });

  it("stay beside boxes where the first has one; polygons need the images", () => {
    const list = [
      { ...one, bbox: [1, 2, 3, 4] },
      { ...one, bbox: [1, 2, 3, 4], segmentation: mask },
      { ...one, bbox: [1, 2, 3, 4], segmentation: [square] },
    ];
    const { areas, masks } = readDetections(list, { iouType: "segm" });
    expect(areas).toBeUndefined();
    expect(Array.from(masks!.sizes)).toEqual([-1, -1, 5, 4, -2, -2]);
    const known = { ids: Float64Array.of(1), sizes: Float64Array.of(5, 4) };
    const drawn = readDetections(JSON.stringify(list), { iouType: "segm", images: known });
    expect(Array.from(drawn.masks!.sizes)).toEqual([-1, -1, 5, 4, 5, 4]);
  });

  it("count an empty box as none", () => {
    expect(Array.from(readDetections([{ ...one, bbox: [], segmentation: mask }]).boxes)).toEqual([1, 1, 2, 3]);
  });

  it.each([
    [
      { ...one, segmentation: { size: [5, 4], counts: [6, 3, 11] } },
      '"segmentation" must be { size, counts } with compressed counts',
    ],
    [{ ...one, segmentation: [square] }, '"segmentation" must be { size, counts } with compressed counts'],
    [{ ...one, segmentation: { ...mask, size: [5] } }, 'detection 0 has no "segmentation" that can be used'],
    [
      { ...one, segmentation: { ...mask, counts: "!" } },
      "readDetections: detection 0: the string does not hold counts",
    ],
  ])("refuse %j", (bad, message) => {
    expect(() => readDetections([bad])).toThrow(message);
    expect(() => readDetections(JSON.stringify([bad]))).toThrow(message);
  });

  it("are asked of every detection if the first has one", () => {
    expect(() => readDetections([{ ...one, segmentation: mask }, one])).toThrow(
      'readDetections: detections[1] has no "segmentation"; the first detection has one',
    );
  });
});
