import { expect, test } from "vitest";
import { detectionSpeed } from "./detection-speed";

test("images a second are those of the time together, whatever the order", () => {
  expect(detectionSpeed(Float64Array.of(10, 100, 20, 70))).toEqual({
    ...{ images: 4, imagesPerSecond: 20, msPerImage: 50, medianMs: 45 },
  });
  expect(detectionSpeed(Float64Array.of(8, 2, 5))).toEqual({
    ...{ images: 3, imagesPerSecond: 200, msPerImage: 5, medianMs: 5 },
  });
});
