import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { encodeRle } from "./encode-rle";
import { measureRuns } from "./measure-runs";
import type { MaskSize } from "./rle-types";
import { sumRuns } from "./sum-runs";

/** Box and area of counts that stand behind others. */
function measured(size: MaskSize, counts: readonly number[]) {
  const ends = Uint32Array.of(7, 7, ...counts, 9);
  const isPlain = sumRuns(ends, 2, counts.length);
  expect([ends[0], ends[1], ends[ends.length - 1]]).toEqual([7, 7, 9]);
  const boxes = new Float64Array(6).fill(-1);
  const area = measureRuns({ ends, start: 2, length: counts.length, isPlain }, size, boxes, 1);
  expect([boxes[0], boxes[5]]).toEqual([-1, -1]);
  return { isPlain, ends: Array.from(ends.subarray(2, -1)), area, box: Array.from(boxes.subarray(1, 5)) };
}

describe("sumRuns", () => {
  it("gives positions, and says which masks are plain", () => {
    expect(measured([4, 4], [0, 3, 5, 2, 6])).toMatchObject({ ends: [0, 3, 8, 10, 16], isPlain: true });
    expect(measured([4, 4], [3, 0, 5, 2, 6])).toMatchObject({ ends: [3, 3, 8, 10, 16], isPlain: false });
    expect(measured([2, 2], [])).toMatchObject({ ends: [], isPlain: true });
  });

  it("counts on from 0 behind 32 bits, as COCO does, and takes no such mask for plain", () => {
    expect(measured([4, 4], [2 ** 32 - 1, 3])).toMatchObject({ ends: [2 ** 32 - 1, 2], isPlain: false });
    expect(measured([2 ** 16, 2 ** 15], [2 ** 31 - 1, 1])).toMatchObject({
      ends: [2 ** 31 - 1, 2 ** 31],
      isPlain: false,
    });
    expect(measured([2 ** 16, 2 ** 15 + 1], [2 ** 31, 2 ** 16])).toMatchObject({ isPlain: false });
  });
});

describe("measureRuns", () => {
  it("equals looking at the pixels", () => {
    const { uniform, integer } = random(17);
    for (let round = 0; round < 300; round++) {
      const [height, width] = [1 + integer(7), 1 + integer(9)] as const;
      const share = uniform() ** 3;
      const data = Uint8Array.from({ length: height * width }, () => Number(uniform() < share));
      const inside = Array.from(data.keys()).filter((pixel) => data[pixel] === 1);
      const [xs, ys] = [inside.map((pixel) => pixel % width), inside.map((pixel) => Math.floor(pixel / width))];
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      const { area, box } = measured([height, width], Array.from(encodeRle({ data, shape: [height, width] }).counts));
      // a run that reaches into the next column takes COCO from top to bottom, and so it does the pixels
      const expected = [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1];
      expect([area, ...box]).toEqual(inside.length === 0 ? [0, 0, 0, 0, 0] : [inside.length, ...expected]);
    }
  });

  it("gives the same box for runs that are cut in two by an empty one", () => {
    expect(measured([5, 4], [6, 1, 0, 1, 12]).box).toEqual(measured([5, 4], [6, 2, 12]).box);
    expect(measured([5, 4], [3, 1, 0, 4, 12]).box).toEqual([0, 0, 2, 5]);
  });

  it("takes the last pixel of an empty run to lie before its first", () => {
    expect(measured([5, 4], [6, 0, 14])).toMatchObject({ area: 0, box: [1, 0, 1, 2] });
    expect(measured([5, 4], [5, 0, 15]).box).toEqual([0, 0, 2, 5]);
  });

  it("keeps the 32 bits of large masks", () => {
    const size = [2 ** 16 - 1, 2 ** 16 - 1] as const;
    const pixels = size[0] * size[1];
    expect(measured(size, [pixels - 10, 10])).toMatchObject({ area: 10, box: [2 ** 16 - 2, 2 ** 16 - 11, 1, 10] });
    expect(measured(size, [0, pixels])).toMatchObject({ area: pixels, box: [0, 0, size[1], size[0]] });
  });

  it("gives zeros without a run inside, and without rows", () => {
    expect(measured([2, 2], [4])).toMatchObject({ area: 0, box: [0, 0, 0, 0] });
    expect(measured([0, 3], [0, 0]).box).toEqual([0, 0, 0, 0]);
  });
});
