import { ndArray, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { assignPaa, groupCandidates, preAssignPaa, separatePaa } from "./index";

const boxes = (...rows: number[][]) => ndArray(Float32Array.from(rows.flat()), [rows.length, 4]);
const none = boxes();

/** A level of 10 anchors shifted by 1 px each and one of 6, on top of each other. */
const anchors = boxes(
  ...Array.from({ length: 10 }, (_, at) => [at, 0, at + 20, 20]),
  ...Array.from({ length: 6 }, (_, at) => [at, 0, at + 30, 30]),
);
const levelSizes = [10, 6];
const all = new Uint8Array(16).fill(1);
const options = { classes: 3 };
const one = { boxes: [boxes([0, 0, 22, 20])], labels: [Int32Array.of(2)], ignoreBoxes: [none] };

describe("preAssignPaa", () => {
  it("lists labels, weights, candidates and their targets", () => {
    const valid = all.slice();
    valid[3] = 0;
    const away = boxes([0, 0, 22, 20], [300, 300, 310, 310]);
    const batch = {
      boxes: [one.boxes[0]!, none, away],
      labels: [Int32Array.of(2), new Int32Array(0), Int32Array.of(1, 0)],
    };
    const pre = preAssignPaa(
      anchors,
      levelSizes,
      { ...batch, ignoreBoxes: [none, none, none] },
      [valid, valid, valid],
      options,
    );
    const [first, empty, taken] = pre.images;
    expect(pre).toMatchObject({ levelSizes, anchorsPerImage: 16, classes: 3 });
    expect(Array.from(first!.candidates)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect([first!.labels[3], first!.labelWeights[3], first!.labels[4], first!.labelWeights[4]]).toEqual([3, 0, 2, 1]);
    expect(first!.matchedGt.every((gt) => gt === 0)).toBe(true);
    expect(Array.from(first!.targets.slice(4, 8))).toEqual([0, 0, 22, 20]);
    expect(empty!.candidates).toHaveLength(0);
    expect(Array.from(empty!.labels)).toEqual(Array(16).fill(3));
    expect(empty!.labelWeights.reduce((sum, weight) => sum + weight, 0)).toBe(15);
    expect(new Set(taken!.matchedGt)).toEqual(new Set([1])); // the box nobody meets takes everything
  });

  it("ignores anchors in ignore boxes only with a positive threshold", () => {
    const batch = { ...one, ignoreBoxes: [boxes([0, 0, 20, 20])] };
    expect(preAssignPaa(anchors, levelSizes, batch, [all], options).images[0]!.labelWeights[0]).toBe(1);
    const { labels, labelWeights, candidates } = preAssignPaa(anchors, levelSizes, batch, [all], {
      ...options,
      ignoreIofThreshold: 0.9,
    }).images[0]!;
    expect(Array.from(labels.slice(0, 4))).toEqual([3, 3, 2, 2]); // anchor 2 covers exactly 0.9: not above
    expect(Array.from(labelWeights.slice(0, 4))).toEqual([0, 0, 1, 1]);
    expect(candidates.includes(0)).toBe(false);
  });

  it("refuses what does not fit", () => {
    const call =
      (change: object, sizes = levelSizes, valid = [all], classes = 3) =>
      () =>
        preAssignPaa(anchors, sizes, { ...one, ...change }, valid, { classes });
    expect(call({}, [10, 5])).toThrow("preAssignPaa: levelSizes [10,5] sum to 15, got 16 anchors");
    expect(call({}, levelSizes, [])).toThrow("boxes of 1 images, got labels of 1 and valid flags of 0");
    expect(call({ labels: [Int32Array.of(3)] })).toThrow("preAssignPaa: labels must be in [0, 3), got 3");
    expect(call({ labels: [new Int32Array(2)] })).toThrow("preAssignPaa: 1 boxes need as many labels, got 2");
    expect(call({}, levelSizes, [all], 0)).toThrow("classes must be a positive integer, got 0");
  });
});

describe("groupCandidates", () => {
  it("sorts candidates by ground truth, then level", () => {
    const groups = groupCandidates(Int32Array.of(1, 4, 7, 11, 12), Int32Array.of(2, 0, 2, 0, 2), levelSizes);
    expect(groups).toMatchObject({ gts: 3, levels: 2 });
    expect(groups.order).toEqual(Int32Array.of(1, 3, 0, 2, 4));
    expect(groups.starts).toEqual(Int32Array.of(0, 1, 2, 2, 2, 4, 5));
  });

  it("takes no candidates, refuses ones out of order or beyond the levels", () => {
    expect(groupCandidates(new Int32Array(0), new Int32Array(0), levelSizes).gts).toBe(0);
    expect(() => groupCandidates(Int32Array.of(4, 2), Int32Array.of(0, 0), levelSizes)).toThrow("got 2 at 1");
    expect(() => groupCandidates(Int32Array.of(16), Int32Array.of(0), levelSizes)).toThrow(
      "below 16 anchors, got 16 at 0",
    );
    expect(() => groupCandidates(Int32Array.of(1), new Int32Array(0), levelSizes)).toThrow(
      "1 candidates, got the ground truth of 0",
    );
  });
});

describe("separatePaa", () => {
  const candidates = Int32Array.from({ length: 16 }, (_, at) => at);
  const matchedGt = new Int32Array(16);

  it("pools the cheapest of each level, ties by lower anchor, in ascending cost", () => {
    const costs = Float32Array.of(9, 1, 5, 1, 8, 7, 6, 5, 4, 3, 2, 2.5, 9, 9, 9, 0.5);
    const { separations } = separatePaa({ candidates, matchedGt, costs, levelSizes, topk: 3 });
    expect(Array.from(separations[0]!.anchors)).toEqual([15, 1, 3, 10, 11, 9]);
    expect(Array.from(separations[0]!.costs)).toEqual([0.5, 1, 1, 2, 2.5, 3]);
  });

  it("equals a full sort of every level on random costs", () => {
    const stream = random(8);
    const sizes = [400, 100, 30];
    const some = Int32Array.from({ length: 530 }, (_, at) => at).filter(() => stream.uniform() < 0.7);
    const gts = some.map(() => stream.integer(4));
    const costs = Float32Array.from(some, () => stream.integer(200) / 50 + 1);
    const levelOf = (anchor: number) => (anchor < 400 ? 0 : anchor < 500 ? 1 : 2);
    const { separations, positives } = separatePaa({ candidates: some, matchedGt: gts, costs, levelSizes: sizes });
    expect(separations.map(({ gt }) => gt)).toEqual([0, 1, 2, 3]);
    for (const { gt, pool, kept } of separations) {
      const byCost = (a: number, b: number) => costs[a]! - costs[b]! || a - b;
      const mine = [...some.keys()].filter((at) => gts[at] === gt);
      const pooled = [0, 1, 2].flatMap((level) =>
        mine
          .filter((at) => levelOf(some[at]!) === level)
          .sort(byCost)
          .slice(0, 9),
      );
      expect(Array.from(pool)).toEqual(pooled.sort(byCost));
      expect(kept).toBeGreaterThan(0);
    }
    expect(positives).toHaveLength(separations.reduce((sum, { kept }) => sum + kept, 0));
    expect(new Set(positives).size).toBe(positives.length);
  });

  it("keeps the cheap group of two, up to its likeliest member", () => {
    const costs = Float32Array.from(candidates, (at) => (at < 5 ? 1 + at * 0.02 : 4 + at * 0.02));
    const { positives, separations } = separatePaa({ candidates, matchedGt, costs, levelSizes });
    expect(separations[0]!.mixture.labels.filter((label) => label === 0)).toHaveLength(5);
    expect(Array.from(positives)).toEqual([0, 1, 2]); // the middle of the five is the likeliest
  });

  it("gives a lone candidate nothing", () => {
    const input = { candidates: Int32Array.of(3), matchedGt: Int32Array.of(1), costs: Float32Array.of(1), levelSizes };
    expect(separatePaa(input)).toEqual({ positives: new Int32Array(0), separations: [] });
  });

  it("refuses costs that do not fit or are not finite", () => {
    expect(() => separatePaa({ candidates, matchedGt, costs: new Float32Array(3), levelSizes })).toThrow(
      "separatePaa: 16 candidates, got 3 costs",
    );
    const costs = new Float32Array(16).fill(1);
    expect(() => separatePaa({ candidates, matchedGt, costs, levelSizes, topk: 0 })).toThrow(
      "topk must be a positive integer, got 0",
    );
    costs[4] = Number.NaN;
    expect(() => separatePaa({ candidates, matchedGt, costs, levelSizes })).toThrow(
      "separatePaa: cost 4 of 16 is NaN: the network that assigns has diverged",
    );
  });
});

describe("assignPaa", () => {
  const batch = {
    boxes: [one.boxes[0]!, none],
    labels: [Int32Array.of(2), new Int32Array(0)],
    ignoreBoxes: [none, none],
  };
  const valid = all.slice();
  valid[15] = 0;
  const pre = preAssignPaa(anchors, levelSizes, batch, [valid, all], options);
  const costs = [
    Float32Array.from(pre.images[0]!.candidates, (anchor) => (anchor < 5 ? 1 + anchor * 0.02 : 4)),
    new Float32Array(0),
  ];

  it("keeps the separated positives; the other candidates become background at full weight", () => {
    const assignment = assignPaa(pre, costs);
    const { labels, labelWeights, matchedGt } = assignment;
    const kept = assignment.numPositives[0]!;
    expect(kept).toBeGreaterThan(0);
    expect(Array.from(labels.slice(0, 16))).toEqual(Array.from({ length: 16 }, (_, at) => (at < kept ? 2 : 3)));
    expect(Array.from(matchedGt.slice(0, 16))).toEqual(Array.from({ length: 16 }, (_, at) => (at < kept ? 0 : -1)));
    expect(Array.from(labelWeights)).toEqual([...valid, ...all]);
    expect(Array.from(assignment.boxes.slice(0, 4))).toEqual([0, 0, 22, 20]);
    expect(assignment.boxes.slice(kept * 4).every((side) => side === 0)).toBe(true);
    expect(assignment.boxWeighting).toBe("iou");
    expect(assignment.mixtures[0]![0]!.kept).toBe(kept);
  });

  it("gives an image without ground truth background only", () => {
    const assignment = assignPaa(pre, costs);
    expect(assignment.numPositives[1]).toBe(0);
    expect(Array.from(assignment.labels.slice(16))).toEqual(Array(16).fill(3));
    expect(assignment.mixtures[1]).toEqual([]);
  });

  it("leaves the pre-assignment alone: another network can use it", () => {
    const before = structuredClone(pre);
    const first = assignPaa(pre, costs);
    assignPaa(pre, [costs[0]!.map((cost) => -cost + 10), costs[1]!], { topk: 4 });
    expect(pre).toEqual(before);
    expect(assignPaa(pre, costs)).toEqual(first);
  });

  it("refuses costs of another number of images", () => {
    expect(() => assignPaa(pre, [costs[0]!])).toThrow("assignPaa: 2 images, got costs of 1");
  });
});
