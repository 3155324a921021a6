import { describe, expect, it } from "vitest";
import { boxIou } from "./box-iou";
import { decodeRle } from "./decode-rle";
import { encodeRle } from "./encode-rle";
import { mergeRles } from "./merge-rles";
import { packMasks } from "./pack-masks";
import { rleArea } from "./rle-area";
import { rleBox } from "./rle-box";
import { rleFromBox } from "./rle-from-box";
import { rleFromPolygons } from "./rle-from-polygons";
import type { Rle } from "./rle-types";

const rle = (size: [number, number], ...counts: number[]): Rle => ({ size, counts: Uint32Array.from(counts) });

describe("encodeRle, decodeRle", () => {
  it("go down the columns", () => {
    const mask = { data: Uint8Array.of(0, 1, 1, 0, 1, 0), shape: [2, 3] };
    expect(Array.from(encodeRle(mask).counts)).toEqual([2, 3, 1]);
    expect(decodeRle(encodeRle(mask))).toEqual(mask);
  });

  it("take whatever is not 0, and no pixels at all", () => {
    expect(Array.from(encodeRle({ data: Float32Array.of(0.5, -3, 0), shape: [3, 1] }).counts)).toEqual([0, 2, 1]);
    expect(Array.from(encodeRle({ data: new Uint8Array(0), shape: [0, 4] }).counts)).toEqual([0]);
    expect(decodeRle(rle([0, 4], 0)).shape).toEqual([0, 4]);
  });

  it("refuse what is no mask", () => {
    expect(() => encodeRle({ data: new Uint8Array(8), shape: [2, 2, 2] })).toThrow("mask must be [H, W], got [2,2,2]");
    expect(() => decodeRle(rle([2, 2], 1, 2))).toThrow("decodeRle: the counts must add up to height x width, got 3");
  });
});

describe("rleArea, rleBox", () => {
  it("measure the pixels inside", () => {
    const mask = rle([4, 5], 5, 2, 2, 2, 9);
    expect(rleArea(mask)).toBe(4);
    expect(rleBox(mask)).toEqual([1, 1, 2, 2]);
  });

  it("give the full height to a run over two columns", () =>
    expect(rleBox(rle([4, 5], 6, 4, 10))).toEqual([1, 0, 2, 4]));

  it("give zeros to an empty mask, and to one without height", () => {
    expect(rleBox(rle([4, 5], 20))).toEqual([0, 0, 0, 0]);
    expect(rleBox(rle([0, 5], 0, 0))).toEqual([0, 0, 0, 0]);
    expect(rleArea(rle([4, 5], 20))).toBe(0);
  });
});

describe("mergeRles", () => {
  const [left, right] = [rle([1, 6], 0, 3, 3), rle([1, 6], 2, 4)];

  it("unites and intersects", () => {
    expect(Array.from(mergeRles([left, right]).counts)).toEqual([0, 6]);
    expect(Array.from(mergeRles([left, right], "intersection").counts)).toEqual([2, 1, 3]);
    expect(mergeRles([left])).toEqual(left);
  });

  it("gives nothing for none, and for different sizes", () => {
    expect(mergeRles([])).toEqual(rle([0, 0]));
    expect(mergeRles([left, rle([6, 1], 6)])).toEqual(rle([0, 0]));
  });

  it("refuses counts that do not add up", () => {
    expect(() => mergeRles([left, rle([1, 6], 5)])).toThrow("mergeRles: the counts must add up");
  });
});

describe("rleFromPolygons, rleFromBox", () => {
  it("draw a box of whole pixels", () => {
    const box = rleFromBox([1, 1, 2, 3], [5, 4]);
    expect(Array.from(box.counts)).toEqual([6, 3, 2, 3, 6]);
    expect(rleFromPolygons([[1, 1, 1, 4, 3, 4, 3, 1]], [5, 4])).toEqual(box);
  });

  it("cut off what lies outside, however far", () => {
    expect(rleArea(rleFromPolygons([[-4e8, -4e8, 4e8, -4e8, 4e8, 4e8, -4e8, 4e8]], [5, 4]))).toBe(20);
    expect(rleArea(rleFromPolygons([[-3, -3e8, 3, 3e8, 3, -3e8]], [5, 4]))).toBeGreaterThan(0);
    expect(rleArea(rleFromPolygons([[50, 50, 60, 50, 60, 60]], [5, 4]))).toBe(0);
  });

  it("unite parts, and draw none on no image", () => {
    expect(
      rleArea(
        rleFromPolygons(
          [
            [0, 0, 0, 2, 2, 2, 2, 0],
            [1, 0, 1, 2, 4, 2, 4, 0],
          ],
          [5, 4],
        ),
      ),
    ).toBe(8);
    expect(rleArea(rleFromPolygons([[0, 0, 0, 2, 2, 2]], [0, 4]))).toBe(0);
  });

  it.each([
    [[], "wanted at least one point"],
    [[1], "wanted at least one point"],
    [[1, Number.NaN, 3, 4], "coordinates must be finite and within 429496728 px, got NaN at 1"],
    [[1, 2, 1e9, 4], "got 1000000000 at 2"],
  ])("refuse %j", (points, message) => {
    expect(() => rleFromPolygons([points], [5, 4])).toThrow(message);
  });

  it("refuse sides that are not meant", () => {
    expect(() => rleFromBox([0, 0, 1, 1], [2, 2 ** 21])).toThrow("sides of up to 1048576 px, got 2 x 2097152");
  });
});

describe("packMasks", () => {
  it("puts masks into one array, rows without one marked", () => {
    const { sizes, counts, starts } = packMasks([rle([5, 7], 35), undefined, rle([2, 3], 0, 6)]);
    expect(Array.from(sizes)).toEqual([5, 7, -1, -1, 2, 3]);
    expect(String.fromCharCode(...counts)).toBe("S106");
    expect(Array.from(starts)).toEqual([0, 2, 2, 4]);
  });

  it("packs none, and refuses sizes that cannot be", () => {
    expect(packMasks([]).starts).toEqual(Float64Array.of(0));
    expect(() => packMasks([rle([-1, 2], 0)])).toThrow("packMasks: height and width must be whole numbers");
  });
});

describe("boxIou", () => {
  it("divides by the union, or by the detection for crowds", () => {
    expect(Array.from(boxIou([0, 0, 2, 2], [1, 0, 2, 2, 1, 0, 2, 2], [0, 1]).data)).toEqual([2 / 6, 0.5]);
    expect(boxIou([], [1, 0, 2, 2]).shape).toEqual([0, 1]);
  });
});
