import type { AnchorGrid } from "@lad/core";
import { describe, expect, it } from "vitest";
import { baseAnchors, concatBoxes, featureSizes, gridAnchors, insideAnchors, validAnchors } from "./index";

const paa: AnchorGrid = { strides: [8, 16], scale: 8, scalesPerOctave: 1, ratios: [1], offset: 0 };
const retina: AnchorGrid = { strides: [8], scale: 4, scalesPerOctave: 3, ratios: [0.5, 1, 2], offset: 0 };

describe("baseAnchors", () => {
  it("centres squares of scale · stride on the cell's corner, or where the offset says", () => {
    expect(baseAnchors(paa).map(({ data }) => Array.from(data))).toEqual([
      [-32, -32, 32, 32],
      [-64, -64, 64, 64],
    ]);
    expect(Array.from(baseAnchors({ ...paa, offset: 0.5 })[0]!.data)).toEqual([-28, -28, 36, 36]);
  });

  it("goes through ratios outside and octaves inside, equal areas per octave", () => {
    const { data, shape } = baseAnchors(retina)[0]!;
    expect(shape).toEqual([9, 4]);
    for (let anchor = 0; anchor < 9; anchor++) {
      const [x1, y1, x2, y2] = data.slice(anchor * 4, anchor * 4 + 4) as unknown as [number, number, number, number];
      expect((y2 - y1) / (x2 - x1)).toBeCloseTo([0.5, 1, 2][Math.floor(anchor / 3)]!, 5);
      expect(Math.sqrt((x2 - x1) * (y2 - y1))).toBeCloseTo(32 * 2 ** ((anchor % 3) / 3), 4);
    }
  });

  it("refuses a grid without ratios, strides or octaves", () => {
    expect(() => baseAnchors({ ...paa, ratios: [] })).toThrow(
      "baseAnchors: the grid needs a stride, a ratio and an octave, got strides [8,16], ratios [], scalesPerOctave 1",
    );
    expect(() => baseAnchors({ ...paa, scalesPerOctave: 0 })).toThrow("scalesPerOctave 0");
  });
});

describe("gridAnchors", () => {
  it("runs over y, then x, then the cell's own anchors", () => {
    const [fine, coarse] = gridAnchors(paa, featureSizes({ height: 16, width: 24 }, paa.strides));
    expect(fine!.shape).toEqual([6, 4]);
    expect(coarse!.shape).toEqual([2, 4]);
    expect(Array.from(fine!.data.slice(4, 8))).toEqual([-24, -32, 40, 32]);
    expect(Array.from(fine!.data.slice(12, 16))).toEqual([-32, -24, 32, 40]);
    const many = gridAnchors(retina, [{ height: 1, width: 2 }])[0]!;
    expect(many.shape).toEqual([18, 4]);
    for (let at = 0; at < 36; at++) expect(many.data[36 + at]! - many.data[at]!).toBeCloseTo(at % 2 === 0 ? 8 : 0, 4);
  });

  it("refuses sizes of another number of levels", () => {
    expect(() => gridAnchors(paa, [{ height: 1, width: 1 }])).toThrow(
      "gridAnchors: the grid has 2 levels, got feature sizes of 1",
    );
  });
});

describe("featureSizes", () => {
  it("rounds up", () => {
    expect(featureSizes({ height: 100, width: 70 }, [8, 16, 32, 64, 128])).toEqual([
      { height: 13, width: 9 },
      { height: 7, width: 5 },
      { height: 4, width: 3 },
      { height: 2, width: 2 },
      { height: 1, width: 1 },
    ]);
  });
});

describe("validAnchors", () => {
  const sizes = featureSizes({ height: 32, width: 32 }, paa.strides);

  it("marks the cells on the image's own padded size", () => {
    const valid = validAnchors(paa, sizes, { height: 17, width: 16 });
    const fine = [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0];
    expect(Array.from(valid)).toEqual([...fine, 1, 0, 1, 0]);
    expect(validAnchors(paa, sizes, { height: 999, width: 999 }).every((flag) => flag === 1)).toBe(true);
  });

  it("repeats the flag for every anchor of a cell", () => {
    const valid = validAnchors(retina, [{ height: 1, width: 2 }], { height: 8, width: 8 });
    expect(Array.from(valid)).toEqual([...Array(9).fill(1), ...Array(9).fill(0)]);
  });
});

describe("insideAnchors", () => {
  const sizes = featureSizes({ height: 64, width: 64 }, paa.strides);
  const anchors = concatBoxes(gridAnchors(paa, sizes));
  const valid = validAnchors(paa, sizes, { height: 64, width: 64 });
  const image = { height: 64.5, width: 64.5 };

  it("keeps valid anchors inside the image, all of them for a negative border", () => {
    const inside = insideAnchors(anchors, valid, image, 0);
    expect(Array.from(inside.keys()).filter((anchor) => inside[anchor])).toEqual([4 * 8 + 4]); // centred in 64 px
    expect(insideAnchors(anchors, valid, image, 8).reduce((sum, flag) => sum + flag, 0)).toBe(9);
    expect(insideAnchors(anchors, valid, image, -1)).toEqual(valid);
  });

  it("is strict at the far border, not at the near one", () => {
    const inside = insideAnchors(anchors, valid, { height: 64, width: 64 }, 0);
    expect(inside.every((flag) => flag === 0)).toBe(true);
  });

  it("never revives an invalid anchor and refuses flags of another length", () => {
    expect(
      insideAnchors(
        anchors,
        valid.map(() => 0),
        image,
        100,
      ).every((flag) => flag === 0),
    ).toBe(true);
    expect(() => insideAnchors(anchors, new Uint8Array(3), image, 0)).toThrow(
      "insideAnchors: 80 anchors, got valid flags for 3",
    );
  });
});
