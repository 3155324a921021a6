import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { rleFromString, rleToString } from "./rle-string";

const roundTrip = (counts: number[]) => {
  const text = rleToString({ size: [1, 1], counts: Uint32Array.from(counts) });
  return { text, counts: Array.from(rleFromString(text, [1, 1]).counts) };
};

describe("rleToString, rleFromString", () => {
  it("write and read COCO's strings", () => {
    expect(roundTrip([35]).text).toBe("S1");
    expect(roundTrip([0, 6, 36, 6]).text).toBe("06T10");
    expect(roundTrip([])).toEqual({ text: "", counts: [] });
  });

  it("keep every 32-bit count", () => {
    const { uniform } = random(3);
    for (let round = 0; round < 200; round++) {
      const counts = Array.from({ length: 9 }, () => Math.floor(2 ** (32 * uniform())));
      expect(roundTrip(counts).counts).toEqual(counts);
    }
    const extremes = [2 ** 32 - 1, 0, 2 ** 32 - 1, 2 ** 32 - 1, 0, 0, 2 ** 32 - 1];
    expect(roundTrip(extremes).counts).toEqual(extremes);
  });

  it.each([
    ["a", "cut short inside a count", 1],
    ["00 0", "a character that is none of the 64", 2],
    ["0p", "the character behind the last", 1],
    ["0\u00e9", "a letter beyond ASCII", 1],
    ["N", "a negative count", 1],
    ["000O", "a count below the last but one that is negative", 4],
    ["ooooooo0", "a count of more than 32 bits", 7],
  ])("refuse %j: %s", (text, _, at) => {
    expect(() => rleFromString(text, [9, 9])).toThrow(
      `rleFromString: the string does not hold counts of a mask at character ${at}`,
    );
  });

  it("refuse a size that no mask can have", () => {
    for (const size of [
      [1.5, 2],
      [-1, 2],
      [2 ** 16, 2 ** 16],
      [Number.NaN, 1],
    ] as [number, number][]) {
      expect(() => rleFromString("0", size)).toThrow(/^rleFromString: height and width must be whole numbers/);
    }
  });
});
