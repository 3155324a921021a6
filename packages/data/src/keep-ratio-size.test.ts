import { describe, expect, it } from "vitest";
import { ladError } from "../test/helpers";
import { keepRatioSize } from "./keep-ratio-size";
import { shortSideSize } from "./short-side-size";

describe("keepRatioSize", () => {
  it.each([
    [640, 480, 1067, 800],
    [480, 640, 800, 1067],
    [1000, 200, 1333, 267],
    [1333, 800, 1333, 800],
    [2666, 1600, 1333, 800],
  ])("%ix%i becomes %ix%i", (width, height, newWidth, newHeight) => {
    expect(keepRatioSize({ width, height })).toEqual({ width: newWidth, height: newHeight });
  });

  it("never loses a side", () => {
    expect(keepRatioSize({ width: 10_000, height: 1 }, { long: 100, short: 50 })).toEqual({ width: 100, height: 1 });
  });

  it("refuses bounds below a pixel", async () => {
    const { message } = await ladError(() => keepRatioSize({ width: 4, height: 4 }, { long: 0 }));
    expect(message).toBe("keepRatioSize: long and short must be finite and >= 1 px, got 0 and 800");
  });
});

describe("shortSideSize", () => {
  it.each([
    [640, 480, 1067, 800],
    [480, 640, 800, 1067],
    [1000, 200, 1333, 267],
    [500, 500, 800, 800],
  ])("%ix%i becomes %ix%i", (width, height, newWidth, newHeight) => {
    expect(shortSideSize({ width, height })).toEqual({ width: newWidth, height: newHeight });
  });

  it("follows the short side drawn", () => {
    expect(shortSideSize({ width: 640, height: 480 }, { short: 672 })).toEqual({ width: 896, height: 672 });
  });

  it("refuses sizes without area", async () => {
    const { message } = await ladError(() => shortSideSize({ width: 640, height: 0 }));
    expect(message).toBe("shortSideSize: width and height of the size must be whole numbers >= 1, got 640x0");
  });
});
