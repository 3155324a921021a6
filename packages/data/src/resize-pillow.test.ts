import { describe, expect, it } from "vitest";
import { greyRows, ladError, noiseImage } from "../test/helpers";
import { resizePillow } from "./resize-pillow";

const greys = (data: Uint8Array) => [...data].filter((_, index) => index % 3 === 0);

describe("resizePillow", () => {
  it("widens its triangle when shrinking", () => {
    expect(greys(resizePillow(greyRows([0, 100, 200]), { width: 2, height: 1 }).data)).toEqual([38, 163]);
    // the mean of everything: nothing is skipped
    expect(
      greys(resizePillow(greyRows([0, 0, 0, 255, 255, 0, 0, 0]), { width: 1, height: 1 }).data)[0],
    ).toBeGreaterThan(60);
  });

  it("interpolates when enlarging", () => {
    expect(greys(resizePillow(greyRows([0, 255]), { width: 4, height: 1 }).data)).toEqual([0, 64, 191, 255]);
    expect(greys(resizePillow(greyRows([10], 1), { width: 3, height: 2 }).data)).toEqual(Array(6).fill(10));
  });

  it("rounds as Pillow's fixed point does", () => {
    const { data } = resizePillow(noiseImage(31, 23), { width: 50, height: 7 });
    expect(data.reduce((sum, value, index) => (sum * 31 + value + index) % 1_000_003, 7)).toBe(427479);
  });

  it("copies at the same size", () => {
    const source = noiseImage(4, 3);
    const copy = resizePillow(source, { width: 4, height: 3 });
    expect(copy).toEqual(source);
    expect(copy.data).not.toBe(source.data);
  });

  it("keeps white white", () => {
    expect(new Set(resizePillow(greyRows(Array(17).fill(255), 13), { width: 7, height: 5 }).data)).toEqual(
      new Set([255]),
    );
  });

  it("refuses data that does not fit", async () => {
    const { code } = await ladError(() => resizePillow({ ...noiseImage(2, 2), height: 3 }, { width: 1, height: 1 }));
    expect(code).toBe("SHAPE_MISMATCH");
  });
});
