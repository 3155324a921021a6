import { ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { greyRows, ladError, noiseImage } from "../test/helpers";
import { flipImage } from "./flip-image";
import { normalizeImage } from "./normalize-image";
import { padImage } from "./pad-image";

const mean = [123.675, 116.28, 103.53] as const;
const std = [58.395, 57.12, 57.375] as const;

describe("normalizeImage", () => {
  it("is float32 arithmetic, by the reciprocal or by division", () => {
    const image = noiseImage(5, 4);
    const byReciprocal = normalizeImage(image, { mean, std });
    const byDivision = normalizeImage(image, { mean, std, rule: "divide" });
    expect(byReciprocal.shape).toEqual([4, 5, 3]);
    const f = Math.fround;
    image.data.forEach((value, index) => {
      const centred = f(value - f(mean[index % 3]!));
      expect(byReciprocal.data[index]).toBe(f(centred * f(1 / f(std[index % 3]!))));
      expect(byDivision.data[index]).toBe(f(centred / f(std[index % 3]!)));
    });
    expect(byReciprocal.data).not.toEqual(byDivision.data);
  });

  it("turns the channels round for networks that read BGR, statistics with them", () => {
    const image = { data: Uint8Array.of(10, 20, 30), width: 1, height: 1 };
    const options = { mean: [1, 2, 3], std: [1, 1, 1], channels: "bgr" } as const;
    expect([...normalizeImage(image, options).data]).toEqual([27, 18, 9]);
  });

  it("refuses a std of 0 and a mean that is no number", async () => {
    const { code, message } = await ladError(() => normalizeImage(noiseImage(1, 1), { mean, std: [1, 0, 1] }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).toContain("std > 0 for each of R, G, B, got mean [123.675,116.28,103.53] and std [1,0,1]");
    expect((await ladError(() => normalizeImage(noiseImage(1, 1), { mean: [Number.NaN, 0, 0], std }))).code).toBe(
      "INVALID_ARGUMENT",
    );
  });
});

describe("flipImage", () => {
  it("mirrors each row and is its own inverse", () => {
    expect(flipImage(greyRows([1, 2, 3], 2))).toEqual(greyRows([3, 2, 1], 2));
    const image = noiseImage(5, 3);
    expect(flipImage(flipImage(image))).toEqual(image);
    expect(flipImage(image).data.slice(0, 3)).toEqual(image.data.slice(12, 15));
  });
});

describe("padImage", () => {
  it("puts zeros to the right and below", () => {
    const padded = padImage(ndArray(Float32Array.of(1, 2, 3, 4), [2, 2, 1]), { height: 3, width: 3 });
    expect(padded.shape).toEqual([3, 3, 1]);
    expect([...padded.data]).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
  });

  it("refuses to cut", async () => {
    const image = ndArray(new Float32Array(12), [2, 2, 3]);
    expect(await ladError(() => padImage(image, { height: 4, width: 1 }))).toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "padImage: image [2,2,3] must be [H, W, C] and fit into 1x4 (width x height)",
    });
  });
});
