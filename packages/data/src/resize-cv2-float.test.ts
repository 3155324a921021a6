import { describe, expect, it } from "vitest";
import { ladError, noiseImage } from "../test/helpers";
import { resizeCv2 } from "./resize-cv2";
import { resizeCv2Float } from "./resize-cv2-float";

describe("resizeCv2Float", () => {
  it("is what resizeCv2 rounds", () => {
    const image = noiseImage(13, 9);
    const size = { width: 21, height: 5 };
    const bytes = resizeCv2(image, size).data;
    const floats = resizeCv2Float(image, size).data;
    const worst = Math.max(...bytes.map((value, index) => Math.abs(value - floats[index]!)));
    expect(worst).toBeLessThan(0.75);
    expect(floats.some((value) => !Number.isInteger(value))).toBe(true);
  });

  it("takes values outside the bytes", () => {
    const image = { data: new Float32Array([-1000, 0, 1, 1000, 2, 3]), width: 2, height: 1 };
    expect([...resizeCv2Float(image, { width: 1, height: 1 }).data]).toEqual([0, 1, 2]);
  });

  it("refuses empty sizes", async () => {
    const { message } = await ladError(() => resizeCv2Float(noiseImage(2, 2), { width: 1.5, height: 1 }));
    expect(message).toContain("resizeCv2Float: width and height of the size must be whole numbers >= 1, got 1.5x1");
  });
});
