import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { encodeRle } from "./encode-rle";
import { rleIou } from "./rle-iou";
import type { Rle } from "./rle-types";

const rle = (size: [number, number], ...counts: number[]): Rle => ({ size, counts: Uint32Array.from(counts) });

describe("rleIou", () => {
  it("counts pixels: of the union, of the detection where the annotation is a crowd", () => {
    const [left, middle] = [rle([2, 4], 0, 4, 4), rle([2, 4], 2, 4, 2)];
    expect(Array.from(rleIou([left], [middle, left], [0, 0]).data)).toEqual([2 / 6, 1]);
    expect(Array.from(rleIou([left], [middle, left], [true, true]).data)).toEqual([0.5, 1]);
  });

  it("equals counting on drawn masks", () => {
    const { uniform } = random(11);
    const draw = (share: number) => Uint8Array.from({ length: 77 }, () => Number(uniform() < share));
    for (let round = 0; round < 100; round++) {
      const [a, b] = [draw(uniform()), draw(uniform())];
      const shared = a.filter((value, i) => value & b[i]!).length;
      const union = a.filter((value, i) => value | b[i]!).length;
      const [first, second] = [a, b].map((data) => encodeRle({ data, shape: [7, 11] }));
      expect(rleIou([first!], [second!]).data[0]).toBe(union === 0 ? 0 : shared / union);
    }
  });

  it("gives -1 for masks of different sizes whose boxes overlap, else 0", () => {
    const wide = rle([2, 4], 0, 8);
    expect(Array.from(rleIou([wide], [rle([4, 2], 0, 8), rle([9, 1], 5, 4)]).data)).toEqual([-1, 0]);
  });

  it("stops as COCO does where runs of length 0 meet inside both masks", () => {
    // both are told to be 8 pixels inside, cut by empty runs after 4: what follows is not looked at
    const cut = rle([2, 4], 0, 4, 0, 4);
    expect(rleIou([cut], [cut]).data[0]).toBe(1);
    expect(rleIou([cut], [rle([2, 4], 0, 2, 2, 0, 0, 4)]).data[0]).toBe(2 / 4);
    expect(rleIou([cut], [rle([2, 4], 0, 8)]).data[0]).toBe(1);
  });

  it("takes none, and empty masks", () => {
    expect(rleIou([], [rle([1, 1], 1)]).shape).toEqual([0, 1]);
    expect(rleIou([rle([2, 2], 4)], [rle([2, 2], 4), rle([2, 2], 0, 4)]).data).toEqual(new Float64Array(2));
    expect(rleIou([rle([0, 0], 0)], [rle([0, 0])]).data[0]).toBe(0);
  });

  it("refuses counts that do not add up: COCO's own loop would not end", () => {
    const message = "rleIou: mask 0: the counts must add up to height x width, got 3 for 2 x 2";
    expect(() => rleIou([rle([2, 2], 1, 2)], [])).toThrow(message);
  });
});
