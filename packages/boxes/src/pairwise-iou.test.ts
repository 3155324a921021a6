import { LadError, ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { alignedIou, type IouMode, pairwiseIou } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const modes: IouMode[] = ["iou", "iof", "giou", "diou", "ciou", "diouOverFirst"];

function randomBoxes(count: number, seed: number) {
  const stream = random(seed);
  const rows = Array.from({ length: count }, () => {
    const x = stream.uniform() * 90;
    const y = stream.uniform() * 90;
    return [x, y, x + stream.uniform() * 60, y + stream.uniform() * 60];
  });
  return boxes(...rows);
}

describe("pairwiseIou", () => {
  it.each<[IouMode, number]>([
    ["iou", 50 / 150],
    ["iof", 0.5],
    ["giou", 1 / 3], // the hull is the union
    ["diou", 1 / 3 - 25 / (15 ** 2 + 10 ** 2)],
    ["ciou", 1 / 3 - 25 / (15 ** 2 + 10 ** 2)], // equal shapes: no shape penalty
    ["diouOverFirst", 0.5 - 25 / (15 ** 2 + 10 ** 2)],
  ])("computes %s of boxes that overlap by half", (mode, expected) => {
    const out = pairwiseIou(boxes([0, 0, 10, 10]), boxes([5, 0, 15, 10]), { mode });
    expect(out.shape).toEqual([1, 1]);
    expect(out.data[0]).toBeCloseTo(expected, 6);
  });

  it("divides the localization-distillation fork's DIoU by the first area (its worked example)", () => {
    const anchor = boxes([0, 0, 10, 10]);
    const gt = boxes([0, 0, 20, 10]);
    expect(pairwiseIou(anchor, gt, { mode: "diouOverFirst" }).data[0]).toBeCloseTo(0.95, 6);
    expect(pairwiseIou(anchor, gt, { mode: "diou" }).data[0]).toBeCloseTo(0.45, 6);
  });

  it("penalises boxes apart by the empty part of the hull", () => {
    const out = pairwiseIou(boxes([0, 0, 1, 1]), boxes([3, 0, 4, 1]), { mode: "giou" });
    expect(out.data[0]).toBeCloseTo(-0.5, 6);
  });

  it("penalises differing shapes in ciou only", () => {
    const [a, b] = [boxes([0, 0, 10, 20]), boxes([-5, 5, 15, 15])]; // same centre, same area
    const v = (4 / Math.PI ** 2) * (Math.atan(2) - Math.atan(0.5)) ** 2;
    const iou = 100 / 300;
    expect(pairwiseIou(a, b, { mode: "diou" }).data[0]).toBeCloseTo(iou, 6);
    expect(pairwiseIou(a, b, { mode: "ciou" }).data[0]).toBeCloseTo(iou - v ** 2 / (1 - iou + v), 6);
  });

  it.each(modes)("%s: equal boxes give 1, rows and columns are in order, alignedIou has the same bits", (mode) => {
    const a = randomBoxes(17, 1);
    const b = randomBoxes(17, 2);
    const pairs = pairwiseIou(a, b, { mode });
    const rows = alignedIou(a, b, { mode });
    expect(pairs.shape).toEqual([17, 17]);
    expect(Array.from(rows.data)).toEqual(Array.from({ length: 17 }, (_, row) => pairs.data[row * 17 + row]));
    for (const value of alignedIou(a, a, { mode }).data) expect(value).toBeCloseTo(1, 6);
  });

  it.each<IouMode>(["iou", "giou", "diou", "ciou"])("%s is symmetric and within its bounds", (mode) => {
    const a = randomBoxes(30, 3);
    const b = randomBoxes(30, 4);
    expect(Array.from(alignedIou(a, b, { mode }).data)).toEqual(Array.from(alignedIou(b, a, { mode }).data));
    const iou = alignedIou(a, b).data;
    alignedIou(a, b, { mode }).data.forEach((value, row) => {
      expect(value).toBeLessThanOrEqual(iou[row]!);
      expect(value).toBeGreaterThan(-2);
    });
  });

  it("rounds every step to float32", () => {
    const f = Math.fround;
    const [x2, u1, v2] = [f(10.1), f(3.3), f(7.7)];
    const inter = f(f(x2 - u1) * v2);
    const union = f(f(f(x2 * f(9.9)) + f(f(f(20.2) - u1) * v2)) - inter);
    const out = pairwiseIou(boxes([0, 0, 10.1, 9.9]), boxes([3.3, 0, 20.2, 7.7]));
    expect(out.data[0]).toBe(f(inter / union));
  });

  it("floors the denominators: a box without area has IoU 0 with itself", () => {
    const point = boxes([3, 3, 3, 3]);
    expect(pairwiseIou(point, point).data[0]).toBe(0);
    expect(pairwiseIou(point, point, { mode: "giou" }).data[0]).toBe(0);
    expect(pairwiseIou(point, point, { eps: 0 }).data[0]).toBeNaN();
  });

  it("takes no boxes", () => {
    expect(pairwiseIou(boxes(), boxes([0, 0, 1, 1])).shape).toEqual([0, 1]);
    expect(pairwiseIou(boxes([0, 0, 1, 1]), boxes()).shape).toEqual([1, 0]);
    expect(alignedIou(boxes(), boxes()).shape).toEqual([0]);
  });

  it("names the argument that does not fit", () => {
    const box = boxes([0, 0, 1, 1]);
    expect(() => pairwiseIou(ndArray(new Float32Array(6), [2, 3]), box)).toThrow(
      "pairwiseIou: a must be [N, 4], got [2,3]",
    );
    expect(() => alignedIou(box, boxes())).toThrow("alignedIou: a [1,4] and b [0,4] must have the same number of rows");
    expect(() => pairwiseIou(box, box, { mode: "toString" as IouMode })).toThrow(
      'pairwiseIou: mode must be one of iou,iof,giou,diou,ciou,diouOverFirst, got "toString"',
    );
    try {
      alignedIou(box, boxes());
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
    }
  });
});
