import { gridAnchors, pairwiseIou } from "@lad/boxes";
import { LadError, type NdArray, ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { assignAtss, valuableRegion } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const none = boxes();

/** Square anchors of 8 strides at the corner of every cell, over 128 × 128 px. */
const grid = { strides: [8, 16, 32], scale: 8, scalesPerOctave: 1, ratios: [1], offset: 0 };
const sizes = grid.strides.map((stride) => ({ height: 128 / stride, width: 128 / stride }));
const levels = gridAnchors(grid, sizes);
const levelSizes = levels.map(({ shape }) => shape[0]!);
const anchors = boxes(
  ...levels.flatMap(({ data }) => Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(i * 4, i * 4 + 4)])),
);
const count = anchors.shape[0]!;
const all = new Uint8Array(count).fill(1);

function scene(seed: number, gts: number, [least, most] = [10, 70]): { boxes: NdArray; labels: Int32Array } {
  const stream = random(seed);
  const rows = Array.from({ length: gts }, () => {
    const side = () => least! + stream.uniform() * (most! - least!);
    const [x, y] = [stream.uniform() * 100, stream.uniform() * 100];
    return [x, y, x + side(), y + side()];
  });
  return { boxes: boxes(...rows), labels: Int32Array.from(rows, (_, gt) => gt % 3) };
}

/** The paper's algorithm on full matrices, in double. */
function onMatrix(gts: NdArray, valid: Uint8Array, topk: number): number[] {
  const iou = pairwiseIou(anchors, gts).data;
  const total = gts.shape[0]!;
  const middle = ({ data }: NdArray, i: number) => [
    (data[i * 4]! + data[i * 4 + 2]!) / 2,
    (data[i * 4 + 1]! + data[i * 4 + 3]!) / 2,
  ];
  const claims = Array.from({ length: count }, () => [] as number[]);
  for (let gt = 0; gt < total; gt++) {
    const [gx, gy] = middle(gts, gt) as [number, number];
    const away = (anchor: number) => {
      const [x, y] = middle(anchors, anchor) as [number, number];
      return Math.hypot(x - gx, y - gy);
    };
    let start = 0;
    const pool = levelSizes.flatMap((size) => {
      const level = Array.from({ length: size }, (_, i) => start + i).filter((anchor) => valid[anchor]);
      start += size;
      return level.sort((a, b) => away(a) - away(b)).slice(0, topk);
    });
    const values = pool.map((anchor) => iou[anchor * total + gt]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    for (const anchor of pool) {
      const [x, y] = middle(anchors, anchor) as [number, number];
      const [x1, y1, x2, y2] = gts.data.slice(gt * 4, gt * 4 + 4) as unknown as [number, number, number, number];
      const inside = Math.min(x - x1, y - y1, x2 - x, y2 - y) > 0.01;
      if (inside && iou[anchor * total + gt]! >= mean + deviation) claims[anchor]!.push(gt);
    }
  }
  return claims.map((gts_, anchor) =>
    !valid[anchor]
      ? -2
      : gts_.reduce(
          (best, gt) => (best < 0 || iou[anchor * total + gt]! > iou[anchor * total + best]! ? gt : best),
          -1,
        ),
  );
}

describe("assignAtss", () => {
  it.each([
    [1, 5, 9],
    [2, 1, 9],
    [3, 12, 4],
  ])("is the paper's algorithm (seed %i, %i ground truths, topk %i)", (seed, gts, topk) => {
    const one = scene(seed, gts);
    const stream = random(seed + 100);
    const valid = Uint8Array.from({ length: count }, () => (stream.uniform() < 0.9 ? 1 : 0));
    const batch = { boxes: [one.boxes, none], labels: [one.labels, new Int32Array(0)], ignoreBoxes: [none, none] };
    const got = assignAtss(anchors, levelSizes, batch, [valid, all], { classes: 3, topk });
    const expected = onMatrix(one.boxes, valid, topk);
    expect([...got.matchedGt.subarray(0, count)]).toEqual(expected.map((gt) => Math.max(gt, -1)));
    expect([...got.labelWeights.subarray(0, count)]).toEqual(expected.map((gt) => (gt === -2 ? 0 : 1)));
    expect([...got.labels.subarray(0, count)]).toEqual(expected.map((gt) => (gt < 0 ? 3 : one.labels[gt])));
    expect(got.numPositives[0]).toBe(expected.filter((gt) => gt >= 0).length);
    expect(got.numPositives[0]).toBeGreaterThan(0);
    const row = expected.findIndex((gt) => gt >= 0);
    expect([...got.boxes.subarray(row * 4, row * 4 + 4)]).toEqual([
      ...one.boxes.data.subarray(expected[row]! * 4, expected[row]! * 4 + 4),
    ]);
    expect(got.images[0]!.thresholds).toHaveLength(gts);
    expect(got.images[0]!.overlaps[row]).toBeGreaterThanOrEqual(got.images[0]!.thresholds[expected[row]!]!);
    // the image without ground truths: all background
    expect(got.numPositives[1]).toBe(0);
    expect(got.labels.subarray(count).every((label) => label === 3)).toBe(true);
    expect(got.labelWeights.subarray(count).every((weight) => weight === 1)).toBe(true);
    expect(got.boxWeighting).toBe("none");
  });

  it("may leave a ground truth smaller than a stride, or one whose pool is a single anchor, without a positive", () => {
    const tiny = { boxes: [boxes([9, 9, 11, 11])], labels: [Int32Array.of(0)], ignoreBoxes: [none] };
    expect(assignAtss(anchors, levelSizes, tiny, [all], { classes: 1 }).numPositives[0]).toBe(0);
    const single = assignAtss(
      boxes([0, 0, 10, 10]),
      [1],
      { ...tiny, boxes: [boxes([0, 0, 10, 10])] },
      [Uint8Array.of(1)],
      { classes: 1 },
    );
    expect(single.numPositives[0]).toBe(0);
    expect(single.images[0]!.thresholds[0]).toBeNaN();
  });

  it("more ground truths than anchors, and no anchor at all", () => {
    const many = scene(5, 30);
    const batch = { boxes: [many.boxes], labels: [many.labels], ignoreBoxes: [none] };
    const few = boxes([0, 0, 64, 64], [32, 32, 96, 96], [64, 64, 128, 128]);
    const got = assignAtss(few, [2, 1], batch, [Uint8Array.of(1, 1, 1)], { classes: 3 });
    expect(got.numPositives[0]).toBeLessThanOrEqual(3);
    expect(assignAtss(none, [0, 0], batch, [new Uint8Array(0)], { classes: 3 }).labels).toHaveLength(0);
  });

  it("ignore boxes count with a positive threshold only, and not on an image without ground truths", () => {
    const one = scene(7, 3);
    const covered = boxes([0, 0, 64, 128]);
    const batch = {
      boxes: [one.boxes, none],
      labels: [one.labels, new Int32Array(0)],
      ignoreBoxes: [covered, covered],
    };
    const unused = assignAtss(anchors, levelSizes, batch, [all, all], { classes: 3 });
    expect(unused.labelWeights.every((weight) => weight === 1)).toBe(true);
    const used = assignAtss(anchors, levelSizes, batch, [all, all], { classes: 3, ignoreIofThreshold: 0.5 });
    const iof = pairwiseIou(anchors, covered, { mode: "iof" }).data;
    for (let anchor = 0; anchor < count; anchor++) {
      const ignored = iof[anchor]! > 0.5 && used.matchedGt[anchor]! < 0;
      expect(used.labelWeights[anchor]).toBe(ignored ? 0 : 1);
    }
    expect(used.labelWeights.subarray(count).every((weight) => weight === 1)).toBe(true);
  });

  it("an ignored anchor becomes positive where a level has no other", () => {
    const two = boxes([0, 0, 10, 10], [0, 0, 12, 12]);
    const batch = { boxes: [boxes([0, 0, 10, 10])], labels: [Int32Array.of(0)], ignoreBoxes: [boxes([0, 0, 20, 20])] };
    const got = assignAtss(two, [1, 1], batch, [Uint8Array.of(1, 1)], { classes: 1, ignoreIofThreshold: 0.5 });
    // thresholds are mean + deviation: only the better of two candidates could reach it, and neither does
    expect([...got.labelWeights]).toEqual([0, 0]);
    const equal = boxes([0, 0, 10, 10], [0, 0, 10, 10]);
    const both = assignAtss(equal, [1, 1], batch, [Uint8Array.of(1, 1)], { classes: 1, ignoreIofThreshold: 0.5 });
    expect([...both.labelWeights]).toEqual([1, 1]);
    expect([...both.matchedGt]).toEqual([0, 0]);
  });

  it("refuses levels, labels and images that do not fit", () => {
    const batch = { boxes: [none], labels: [new Int32Array(0)], ignoreBoxes: [none] };
    expect(() => assignAtss(anchors, [1], batch, [all], { classes: 1 })).toThrow("assignAtss: levelSizes [1] sum to 1");
    expect(() => assignAtss(anchors, levelSizes, batch, [], { classes: 1 })).toThrow("valid flags of 0");
    const one = { ...batch, boxes: [boxes([0, 0, 9, 9])] };
    expect(() => assignAtss(anchors, levelSizes, one, [all], { classes: 1 })).toThrow(
      "1 boxes need as many labels, got 0",
    );
    try {
      assignAtss(anchors, levelSizes, { ...one, labels: [Int32Array.of(4)] }, [all], { classes: 3 });
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
      expect(String(error)).toContain("labels must be in [0, 3), got 4");
    }
  });
});

describe("valuableRegion", () => {
  it("weighs anchors of the band by their best IoU, whatever is positive, and is 0 elsewhere", () => {
    const { boxes: gts, labels } = scene(4, 4);
    const batch = { boxes: [gts, none], labels: [labels, new Int32Array(0)], ignoreBoxes: [none, none] };
    const { images } = assignAtss(anchors, levelSizes, batch, [all, all], { classes: 3 });
    const iou = pairwiseIou(anchors, gts).data;
    const measure = pairwiseIou(anchors, gts, { mode: "diouOverFirst" }).data;
    const [first, empty] = valuableRegion(anchors, levelSizes, batch, [all, all]);
    let found = 0;
    for (let anchor = 0; anchor < count; anchor++) {
      let best = 0;
      for (let gt = 0; gt < 4; gt++) {
        const [d, high] = [measure[anchor * 4 + gt]!, images[0]!.thresholds[gt]!];
        if (d >= high / 4 && d < high) best = Math.max(best, iou[anchor * 4 + gt]!);
      }
      expect(first![anchor]).toBe(best);
      if (best > 0) found++;
    }
    expect(found).toBeGreaterThan(10);
    expect(empty!.every((weight) => weight === 0)).toBe(true);
  });

  it("leaves out anchors that do not take part, and takes a narrower band", () => {
    const { boxes: gts } = scene(4, 4);
    const batch = { boxes: [gts], ignoreBoxes: [none] };
    const [wide] = valuableRegion(anchors, levelSizes, batch, [all]);
    const [narrow] = valuableRegion(anchors, levelSizes, batch, [all], { band: 0.8 });
    const size = (weights: Float32Array) => weights.filter((weight) => weight > 0).length;
    expect(size(narrow!)).toBeLessThan(size(wide!));
    const [nobody] = valuableRegion(anchors, levelSizes, batch, [new Uint8Array(count)]);
    expect(size(nobody!)).toBe(0);
  });
});
