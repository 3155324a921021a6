import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { datasetImage, ladError, noiseImage, pipeline } from "../test/helpers";
import { flipImage } from "./flip-image";
import { normalizeImage } from "./normalize-image";
import type { Pipeline } from "./pipeline";
import { prepareSample } from "./prepare-sample";
import { resizeCv2 } from "./resize-cv2";
import { resizePillow } from "./resize-pillow";

const decoded = noiseImage(8, 8);
const always = { ...pipeline, flip: 1 };

/** The image part of a padded sample. */
function crop(
  { data, shape }: { data: Float32Array; shape: readonly number[] },
  height: number,
  width: number,
): number[] {
  const rows = Array.from({ length: height }, (_, y) => [
    ...data.subarray(y * shape[1]! * 3, (y * shape[1]! + width) * 3),
  ]);
  return rows.flat();
}

describe("prepareSample", () => {
  it("resizes, normalises and pads with 0; boxes follow by the true factors", () => {
    const image = datasetImage({ boxList: [[1, 2, 5, 6]], ignoreBoxes: ndArray(Float32Array.of(0, 0, 8, 4), [1, 4]) });
    const sample = prepareSample(image, decoded, pipeline, undefined);
    expect(sample.image.shape).toEqual([16, 16, 3]);
    expect(sample.size).toEqual({
      image: { height: 12, width: 16 },
      padded: { height: 16, width: 16 },
      original: { height: 8, width: 8 },
      scale: [2, 1.5],
      flipped: false,
    });
    expect([...sample.boxes.data]).toEqual([2, 3, 10, 9]);
    expect([...sample.ignoreBoxes.data]).toEqual([0, 0, 16, 6]);
    const wanted = normalizeImage(resizeCv2(decoded, { width: 16, height: 12 }), pipeline);
    expect(crop(sample.image, 12, 16)).toEqual([...wanted.data]);
    expect(sample.image.data.subarray(12 * 16 * 3).every((value) => value === 0)).toBe(true);
  });

  it("flips image and boxes without the - 1", () => {
    const sample = prepareSample(datasetImage(), decoded, always, random(1));
    expect(sample.size.flipped).toBe(true);
    expect([...sample.boxes.data]).toEqual([6, 3, 14, 9]);
    const wanted = normalizeImage(flipImage(resizeCv2(decoded, { width: 16, height: 12 })), pipeline);
    expect(crop(sample.image, 12, 16)).toEqual([...wanted.data]);
  });

  it("never flips at test time, and about as often as asked in training", () => {
    expect(prepareSample(datasetImage(), decoded, always, undefined).size.flipped).toBe(false);
    const flips = Array.from(
      { length: 200 },
      (_, seed) => prepareSample(datasetImage(), decoded, pipeline, random(seed)).size.flipped,
    );
    expect(flips.filter(Boolean).length).toBeGreaterThan(70);
    expect(flips.filter(Boolean).length).toBeLessThan(130);
  });

  it("clips boxes to the picture, and takes pictures without any", () => {
    const outside = datasetImage({ boxList: [[-4, 2, 20, 6]] });
    expect([...prepareSample(outside, decoded, pipeline, undefined).boxes.data]).toEqual([0, 3, 16, 9]);
    const empty = prepareSample(datasetImage({ boxList: [] }), decoded, always, random(1));
    expect(empty.boxes.shape).toEqual([0, 4]);
    expect(empty.labels).toHaveLength(0);
  });

  it("uses Pillow's rule when told", () => {
    const sample = prepareSample(datasetImage(), decoded, { ...pipeline, interpolation: "pillow" }, undefined);
    const wanted = normalizeImage(resizePillow(decoded, { width: 16, height: 12 }), pipeline);
    expect(crop(sample.image, 12, 16)).toEqual([...wanted.data]);
  });

  it("draws the short side from a range or a list; the largest at test time", () => {
    const shorts = (resize: Pipeline["resize"]) => {
      const draw = (seed: number) =>
        prepareSample(datasetImage(), decoded, { ...pipeline, resize }, random(seed)).size.image.height;
      const test = prepareSample(datasetImage(), decoded, { ...pipeline, resize }, undefined).size.image.height;
      return { drawn: [...new Set(Array.from({ length: 60 }, (_, seed) => draw(seed)))].sort((a, b) => a - b), test };
    };
    expect(shorts({ kind: "keepRatio", long: 99, short: [10, 13] })).toEqual({ drawn: [10, 11, 12, 13], test: 13 });
    expect(shorts({ kind: "shortSide", long: 99, short: [10, 20, 16] })).toEqual({ drawn: [10, 16, 20], test: 16 });
    expect(shorts({ kind: "keepRatio", long: 9, short: 20 })).toEqual({ drawn: [9], test: 9 });
  });

  it("refuses a picture of another size than its annotation says", async () => {
    const { code, message } = await ladError(() =>
      prepareSample(datasetImage({ width: 9 }), decoded, pipeline, undefined),
    );
    expect(code).toBe("INVALID_DATA");
    expect(message).toContain("1.png is 8x8, its annotation says 9x8");
  });

  it.each([
    [{ flip: 2 }, "pipeline.flip must be a probability, got 2"],
    [{ padMultiple: 0 }, "pipeline.padMultiple must be a whole number >= 1, got 0"],
    [
      { resize: { kind: "keepRatio", long: 9, short: [8, 4] } },
      "must be a range [min, max] of whole numbers, got [8,4]",
    ],
    [{ resize: { kind: "shortSide", long: 9, short: [] } }, "pipeline.resize.short is an empty list"],
    [{ resize: { kind: "fixed", width: 0, height: 4 } }, "must be whole numbers >= 1, got 0x4"],
  ] as [Partial<Pipeline>, string][])("refuses %o", async (change, message) => {
    const error = await ladError(() => prepareSample(datasetImage(), decoded, { ...pipeline, ...change }, random(1)));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) });
  });
});
