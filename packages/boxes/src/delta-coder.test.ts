import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { decodeDeltas, encodeDeltas } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const plain = { means: [0, 0, 0, 0], stds: [1, 1, 1, 1] } as const;
const paa = { means: [0, 0, 0, 0], stds: [0.1, 0.1, 0.2, 0.2] } as const;

describe("encodeDeltas", () => {
  it("measures shifts in anchor sides and stretches in logarithms, divided by the stds", () => {
    const deltas = encodeDeltas(boxes([0, 0, 10, 20]), boxes([5, 10, 25, 30]), paa).data;
    const expected = [10 / 10 / 0.1, 10 / 20 / 0.1, Math.log(2) / 0.2, 0];
    expected.forEach((value, at) => {
      expect(deltas[at]).toBeCloseTo(value, 5);
    });
  });

  it("subtracts the means first", () => {
    const coder = { means: [0.5, 0, 0, 1], stds: [2, 1, 1, 4] } as const;
    expect(Array.from(encodeDeltas(boxes([0, 0, 8, 8]), boxes([8, 0, 16, 8]), coder).data)).toEqual([
      0.25, 0, 0, -0.25,
    ]);
  });
});

describe("decodeDeltas", () => {
  it.each([plain, paa, { means: [0.1, -0.2, 0.3, 0], stds: [0.5, 0.5, 2, 2] } as const])(
    "inverts encodeDeltas",
    (coder) => {
      const stream = random(5);
      const row = () => {
        const [x, y] = [stream.uniform() * 100, stream.uniform() * 100];
        return [x, y, x + 5 + stream.uniform() * 60, y + 5 + stream.uniform() * 60];
      };
      const anchors = boxes(...Array.from({ length: 20 }, row));
      const targets = boxes(...Array.from({ length: 20 }, row));
      const decoded = decodeDeltas(anchors, encodeDeltas(anchors, targets, coder), coder);
      expect(decoded.shape).toEqual([20, 4]);
      decoded.data.forEach((value, at) => {
        expect(Math.abs(value - targets.data[at]!)).toBeLessThan(2e-4);
      });
    },
  );

  it("holds the stretch within the ratio, leaves the shift free", () => {
    const out = decodeDeltas(boxes([0, 0, 16, 16]), boxes([100, 0, 50, -50]), plain).data;
    expect(out[2]! - out[0]!).toBeCloseTo(1000, 2);
    expect(out[3]! - out[1]!).toBeCloseTo(0.256, 5);
    expect((out[0]! + out[2]!) / 2).toBeCloseTo(1608, 2);
    const tight = decodeDeltas(boxes([0, 0, 16, 16]), boxes([0, 0, 50, -50]), { ...plain, ratioClip: 0.5 }).data;
    expect(tight[2]! - tight[0]!).toBeCloseTo(32, 4);
  });

  it("clips to the image only when asked", () => {
    const anchors = boxes([-8, -8, 8, 8], [50, 50, 90, 90]);
    const zero = boxes([0, 0, 0, 0], [0, 0, 0, 0]);
    expect(Array.from(decodeDeltas(anchors, zero, plain).data)).toEqual(Array.from(anchors.data));
    const clipped = decodeDeltas(anchors, zero, { ...plain, clip: { width: 70, height: 60 } });
    expect(Array.from(clipped.data)).toEqual([0, 0, 8, 8, 50, 50, 70, 60]);
  });

  it("takes no rows and refuses rows that differ", () => {
    expect(decodeDeltas(boxes(), boxes(), paa).shape).toEqual([0, 4]);
    expect(encodeDeltas(boxes(), boxes(), paa).shape).toEqual([0, 4]);
    expect(() => decodeDeltas(boxes([0, 0, 1, 1]), boxes(), paa)).toThrow(
      "decodeDeltas: anchors [1,4] and deltas [0,4] must have the same number of rows",
    );
    expect(() => encodeDeltas(boxes(), boxes([0, 0, 1, 1]), paa)).toThrow(
      "encodeDeltas: anchors [0,4] and boxes [1,4]",
    );
  });
});
