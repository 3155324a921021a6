import { ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { boxAreas, clipBoxes, concatBoxes, flipBoxes, scaleBoxes, xywhToXyxy, xyxyToXywh } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const values = ({ data }: { data: Float32Array }) => Array.from(data);

describe("box transforms", () => {
  it("clipBoxes cuts to [0, width] x [0, height]", () => {
    const cut = clipBoxes(boxes([-3, 5, 12, 30], [20, 40, 25, 45]), { width: 10, height: 20 });
    expect(values(cut)).toEqual([0, 5, 10, 20, 10, 20, 10, 20]);
  });

  it("scaleBoxes multiplies, inverse divides with one rounding", () => {
    const box = boxes([1, 2, 3, 4]);
    expect(values(scaleBoxes(box, [2, 10]))).toEqual([2, 20, 6, 40]);
    const scale = Math.fround(1.3);
    expect(scaleBoxes(box, [1.3, 1], { inverse: true }).data[2]).toBe(Math.fround(3 / scale));
  });

  it("flipBoxes mirrors, twice is the identity", () => {
    const box = boxes([1, 2, 3, 4], [0, 0, 10, 5]);
    expect(values(flipBoxes(box, 10))).toEqual([7, 2, 9, 4, 0, 0, 10, 5]);
    expect(values(flipBoxes(flipBoxes(box, 10), 10))).toEqual(values(box));
  });

  it("boxAreas multiplies the sides, no +1", () => {
    expect(values(boxAreas(boxes([1, 2, 4, 4], [0, 0, 0, 9])))).toEqual([6, 0]);
  });

  it("xywhToXyxy and xyxyToXywh are inverse", () => {
    expect(values(xywhToXyxy(boxes([1, 2, 3, 4])))).toEqual([1, 2, 4, 6]);
    expect(values(xyxyToXywh(xywhToXyxy(boxes([1, 2, 3, 4], [5, 6, 7, 8]))))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("concatBoxes stacks rows", () => {
    const all = concatBoxes([boxes([1, 2, 3, 4]), boxes(), boxes([5, 6, 7, 8])]);
    expect(all.shape).toEqual([2, 4]);
    expect(values(all)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(concatBoxes([]).shape).toEqual([0, 4]);
  });

  it("leave their argument alone and take no boxes", () => {
    const box = boxes([-1, 2, 3, 4]);
    const transforms = [
      clipBoxes(box, { width: 2, height: 2 }),
      scaleBoxes(box, [3, 3]),
      flipBoxes(box, 9),
      xywhToXyxy(box),
      xyxyToXywh(box),
    ];
    expect(transforms.some(({ data }) => data === box.data)).toBe(false);
    expect(values(box)).toEqual([-1, 2, 3, 4]);
    expect(clipBoxes(boxes(), { width: 1, height: 1 }).shape).toEqual([0, 4]);
    expect(flipBoxes(boxes(), 1).shape).toEqual([0, 4]);
    expect(boxAreas(boxes()).shape).toEqual([0]);
  });

  it("refuse what is not [N, 4], by name", () => {
    const wrong = ndArray(new Float32Array(5), [5]);
    expect(() => clipBoxes(wrong, { width: 1, height: 1 })).toThrow("clipBoxes: boxes must be [N, 4], got [5]");
    expect(() => scaleBoxes(wrong, [1, 1])).toThrow("scaleBoxes: boxes must be [N, 4]");
    expect(() => flipBoxes(wrong, 1)).toThrow("flipBoxes: boxes must be [N, 4]");
    expect(() => xywhToXyxy(wrong)).toThrow("xywhToXyxy: boxes must be [N, 4]");
    expect(() => concatBoxes([wrong])).toThrow("concatBoxes: each part must be [N, 4]");
    expect(() => boxAreas({ data: new Float32Array(3), shape: [1, 4] })).toThrow("got [1,4] with data of 3");
  });
});
