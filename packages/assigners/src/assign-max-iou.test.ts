import { pairwiseIou } from "@lad/boxes";
import { type NdArray, ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { assignMaxIou, type MaxIouOptions } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const usual: MaxIouOptions = { positiveIou: 0.5, negativeIou: 0.4, minPositiveIou: 0 };

/** The reference's procedure on the full matrix. */
function onMatrix(anchors: NdArray, gts: NdArray, options: MaxIouOptions): number[] {
  const [count, size] = [gts.shape[0]!, anchors.shape[0]!];
  const iou = pairwiseIou(gts, anchors).data.slice();
  const excluded = Array.from({ length: size }, (_, anchor) => {
    if (!options.ignoreBoxes?.shape[0] || !((options.ignoreIofThreshold ?? -1) > 0)) return false;
    const one = ndArray(anchors.data.slice(anchor * 4, anchor * 4 + 4), [1, 4]);
    const iof = pairwiseIou(one, options.ignoreBoxes, { mode: "iof" }).data;
    return iof.some((value) => value > Math.fround(options.ignoreIofThreshold!));
  });
  const takes = (anchor: number) => options.valid?.[anchor] !== 0 && !excluded[anchor];
  const out = Array.from({ length: size }, (_, anchor) => {
    if (!takes(anchor)) return -2;
    const column = Array.from({ length: count }, (_, gt) => iou[gt * size + anchor]!);
    const best = Math.max(...column);
    if (best >= Math.fround(options.positiveIou)) return column.indexOf(best);
    return best < Math.fround(options.negativeIou) ? -1 : -2;
  });
  for (let gt = 0; gt < count && options.matchLowQuality !== false; gt++) {
    const row = Array.from(iou.slice(gt * size, (gt + 1) * size), (value, anchor) => (takes(anchor) ? value : -1));
    const best = Math.max(...row);
    row.forEach((value, anchor) => {
      if (best >= Math.fround(options.minPositiveIou) && best >= 0 && value === best) out[anchor] = gt;
    });
  }
  return out;
}

function scene(seed: number, gts: number) {
  const stream = random(seed);
  const grid = (stride: number) =>
    Array.from({ length: (128 / stride) ** 2 }, (_, cell) => {
      const [x, y] = [(cell % (128 / stride)) * stride, Math.floor(cell / (128 / stride)) * stride];
      return [x - 4 * stride, y - 4 * stride, x + 4 * stride, y + 4 * stride];
    });
  const anchors = boxes(...grid(8), ...grid(16), ...grid(32));
  const box = () => {
    const [x, y] = [stream.uniform() * 110, stream.uniform() * 110];
    return [x, y, x + 2 + stream.uniform() * 60, y + 2 + stream.uniform() * 60];
  };
  const valid = Uint8Array.from({ length: anchors.shape[0]! }, () => (stream.uniform() < 0.9 ? 1 : 0));
  return { anchors, gts: boxes(...Array.from({ length: gts }, box)), ignoreBoxes: boxes(box(), box()), valid };
}

describe("assignMaxIou", () => {
  it("gives positives, background, and what lies between as ignored", () => {
    const anchors = boxes([0, 0, 10, 10], [0, 0, 10, 6], [0, 0, 10, 4.5], [0, 0, 10, 1]);
    expect(assignMaxIou(anchors, boxes([0, 0, 10, 10]), usual)).toEqual(Int32Array.of(0, 0, -2, -1));
  });

  it("takes the first ground truth on ties and includes the positive threshold", () => {
    const gts = boxes([0, 0, 10, 10], [0, 0, 10, 10]);
    const options = { ...usual, matchLowQuality: false };
    expect(assignMaxIou(boxes([0, 0, 10, 5]), gts, options)).toEqual(Int32Array.of(0));
    expect(assignMaxIou(boxes([0, 0, 10, 4]), gts, options)).toEqual(Int32Array.of(-2)); // 0.4 is not below 0.4
  });

  it("gives a ground truth all anchors that share its best IoU, exactly", () => {
    const anchors = boxes([0, 0, 64, 64], [8, 0, 72, 64], [0, 8, 64, 72], [40, 40, 104, 104]);
    const small = boxes([20.3, 20.1, 24.9, 29.7]); // inside three anchors of one size
    expect(assignMaxIou(anchors, small, usual)).toEqual(Int32Array.of(0, 0, 0, -1));
    expect(assignMaxIou(anchors, small, { ...usual, minPositiveIou: 0.1 })).toEqual(Int32Array.of(-1, -1, -1, -1));
  });

  it("lets a later ground truth take the anchors of an earlier one", () => {
    const anchors = boxes([0, 0, 10, 10]);
    expect(assignMaxIou(anchors, boxes([0, 0, 10, 10], [0, 0, 3, 3]), usual)).toEqual(Int32Array.of(1));
    expect(assignMaxIou(anchors, boxes([0, 0, 3, 3], [0, 0, 10, 10]), usual)).toEqual(Int32Array.of(1));
  });

  it("gives a ground truth no anchor meets all of them (every IoU equals its best, 0)", () => {
    const anchors = boxes([0, 0, 10, 10], [20, 0, 30, 10]);
    const away = boxes([500, 500, 510, 510]);
    expect(assignMaxIou(anchors, away, usual)).toEqual(Int32Array.of(0, 0));
    expect(assignMaxIou(anchors, away, { ...usual, minPositiveIou: 0.01 })).toEqual(Int32Array.of(-1, -1));
  });

  it("leaves invalid anchors and those in ignore boxes out, unless the threshold is not positive", () => {
    const anchors = boxes([0, 0, 10, 10], [0, 0, 10, 10], [100, 0, 110, 10], [104, 0, 114, 10]);
    const gts = boxes([0, 0, 10, 10]);
    const options = { ...usual, valid: Uint8Array.of(1, 0, 1, 1), ignoreBoxes: boxes([100, 0, 109, 10]) };
    expect(assignMaxIou(anchors, gts, { ...options, ignoreIofThreshold: 0.5 })).toEqual(Int32Array.of(0, -2, -2, -1));
    expect(assignMaxIou(anchors, gts, { ...options, ignoreIofThreshold: 0.9 })).toEqual(Int32Array.of(0, -2, -1, -1));
    expect(assignMaxIou(anchors, gts, options)).toEqual(Int32Array.of(0, -2, -1, -1));
  });

  it("makes everything valid background without ground truth, ignore boxes or not", () => {
    const anchors = boxes([0, 0, 10, 10], [0, 0, 10, 10]);
    const options = {
      ...usual,
      valid: Uint8Array.of(1, 0),
      ignoreBoxes: boxes([0, 0, 10, 10]),
      ignoreIofThreshold: 0.5,
    };
    expect(assignMaxIou(anchors, boxes(), options)).toEqual(Int32Array.of(-1, -2));
    expect(assignMaxIou(boxes(), boxes([0, 0, 1, 1]), usual)).toHaveLength(0);
  });

  it.each([1, 3, 12, 40])("equals the reference's procedure on the full matrix, %i ground truths", (count) => {
    for (let seed = 0; seed < 3; seed++) {
      const { anchors, gts, ignoreBoxes, valid } = scene(seed * 100 + count, count);
      for (const options of [
        { ...usual, positiveIou: 0.1, negativeIou: 0.1, valid },
        { ...usual, minPositiveIou: 0.3 },
        { ...usual, matchLowQuality: false, valid },
        { ...usual, valid, ignoreBoxes, ignoreIofThreshold: 0.3 },
      ]) {
        expect(Array.from(assignMaxIou(anchors, gts, options))).toEqual(onMatrix(anchors, gts, options));
      }
    }
  });

  it("refuses what does not fit", () => {
    const one = boxes([0, 0, 1, 1]);
    expect(() => assignMaxIou(one, one, { ...usual, valid: new Uint8Array(2) })).toThrow(
      "assignMaxIou: 1 anchors, got valid flags for 2",
    );
    expect(() => assignMaxIou(ndArray(new Float32Array(4), [4]), one, usual)).toThrow(
      "anchors must be [N, 4], got [4]",
    );
    const options = { ...usual, ignoreBoxes: ndArray(new Float32Array(5), [1, 5]), ignoreIofThreshold: 0.5 };
    expect(() => assignMaxIou(one, one, options)).toThrow("ignoreBoxes must be [N, 4], got [1,5]");
  });
});
