import { LadError, ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { decodeDistances, encodeDistances } from "./index";

const points = ndArray(Float32Array.of(10, 20, 3, 4), [2, 2]);
const distances = ndArray(Float32Array.of(1, 2, 3, 4, 5, 5, 0, 0.5), [2, 4]);

describe("distances", () => {
  it("decode to a box around the point and encode back", () => {
    const boxes = decodeDistances(points, distances);
    expect([...boxes.data]).toEqual([9, 18, 13, 24, -2, -1, 3, 4.5]);
    expect([...encodeDistances(points, boxes).data]).toEqual([...distances.data]);
    const stream = random(3);
    const many = ndArray(
      Float32Array.from({ length: 40 }, () => stream.uniform() * 100),
      [20, 2],
    );
    const far = ndArray(
      Float32Array.from({ length: 80 }, () => stream.uniform() * 50),
      [20, 4],
    );
    const back = encodeDistances(many, decodeDistances(many, far));
    back.data.forEach((value, at) => {
      expect(value).toBeCloseTo(far.data[at]!, 4);
    });
  });

  it("clip to the image, and hold distances within what bins can tell", () => {
    expect([...decodeDistances(points, distances, { width: 11, height: 30 }).data]).toEqual([
      9, 18, 11, 24, 0, 0, 3, 4.5,
    ]);
    const box = ndArray(Float32Array.of(12, 0, 30, 40), [1, 4]);
    const one = ndArray(Float32Array.of(10, 20), [1, 2]);
    expect([...encodeDistances(one, box, 15.9).data]).toEqual([
      0,
      Math.fround(15.9),
      Math.fround(15.9),
      Math.fround(15.9),
    ]);
    expect([...encodeDistances(one, box).data]).toEqual([-2, 20, 20, 20]);
  });

  it("take no rows and refuse what does not fit", () => {
    const none = ndArray(new Float32Array(0), [0, 4]);
    expect(decodeDistances(ndArray(new Float32Array(0), [0, 2]), none).shape).toEqual([0, 4]);
    expect(() => encodeDistances(points, none)).toThrow(
      "encodeDistances: points must be [0, 2] as boxes has rows, got [2,2]",
    );
    try {
      decodeDistances(points, points);
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      expect(String(error)).toContain("distances must be [N, 4]");
    }
  });
});
