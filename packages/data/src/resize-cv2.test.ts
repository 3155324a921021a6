import { describe, expect, it } from "vitest";
import { greyRows, ladError, noiseImage } from "../test/helpers";
import { resizeCv2 } from "./resize-cv2";

const greys = (data: Uint8Array) => [...data].filter((_, index) => index % 3 === 0);

describe("resizeCv2", () => {
  it("interpolates between pixel centres without antialiasing", () => {
    expect(greys(resizeCv2(greyRows([0, 100, 200]), { width: 2, height: 1 }).data)).toEqual([25, 175]);
    expect(greys(resizeCv2(greyRows([0, 255]), { width: 4, height: 1 }).data)).toEqual([0, 64, 191, 255]);
    // far apart samples: what lies between them is not seen
    expect(greys(resizeCv2(greyRows([0, 0, 9, 9, 0, 255, 255, 0, 4, 4, 4, 4]), { width: 2, height: 1 }).data)).toEqual([
      9, 4,
    ]);
  });

  it("rounds as OpenCV's fixed point does", () => {
    const { data } = resizeCv2(noiseImage(31, 23), { width: 50, height: 17 });
    expect(data.reduce((sum, value, index) => (sum * 31 + value + index) % 1_000_003, 7)).toBe(317165);
  });

  it("keeps constant pictures constant and copies at the same size", () => {
    const flat = greyRows(Array(9).fill(77), 5);
    expect(new Set(resizeCv2(flat, { width: 23, height: 11 }).data)).toEqual(new Set([77]));
    const source = noiseImage(4, 3);
    const copy = resizeCv2(source, { width: 4, height: 3 });
    expect(copy).toEqual(source);
    expect(copy.data).not.toBe(source.data);
  });

  it("treats rows and columns alike when both only shrink", () => {
    const { data } = resizeCv2(greyRows([0, 0, 100, 100], 2), { width: 2, height: 1 });
    expect(greys(data)).toEqual([0, 100]);
  });

  it("names what is wrong with an image or a size", async () => {
    const image = noiseImage(4, 3);
    expect(await ladError(() => resizeCv2(image, { width: 0, height: 3 }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: "resizeCv2: width and height of the size must be whole numbers >= 1, got 0x3",
    });
    expect(await ladError(() => resizeCv2({ ...image, width: 5 }, { width: 2, height: 2 }))).toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "resizeCv2: an image of 5x3 holds 45 samples (RGB), got 36",
    });
  });
});
