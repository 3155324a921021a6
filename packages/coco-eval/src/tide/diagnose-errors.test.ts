import { describe, expect, it } from "vitest";
import { readDetections } from "../read-detections";
import { readGroundTruth } from "../read-ground-truth";
import { diagnoseErrors, type TideKind } from "./index";

type Row = readonly [category: number, ...box: number[]];
const truth = (rows: readonly Row[], { crowds = [] as number[], images = [1] } = {}) =>
  readGroundTruth({
    images: images.map((id) => ({ id })),
    categories: [1, 2].map((id) => ({ id, name: `class ${id}` })),
    annotations: rows.map(([category_id, ...bbox], index) => ({
      ...{ id: index + 1, image_id: 1, category_id, bbox, area: 1 },
      iscrowd: Number(crowds.includes(index)),
    })),
  });
/** In descending score. */
const found = (rows: readonly Row[], image_id = 1) =>
  readDetections(
    rows.map(([category_id, ...bbox], index) => ({ image_id, category_id, bbox, score: 0.9 - index / 100 })),
  );

const box = [0, 0, 10, 10];
const near = [0, 0, 10, 3]; // IoU 0.3 with `box`
const far = [50, 50, 10, 10];
const one = truth([[1, ...box]]);

describe("diagnoseErrors", () => {
  it("finds nothing wrong with perfect detections", () => {
    const { ap, errors, totals, detections, annotations } = diagnoseErrors(one, found([[1, ...box]]));
    expect(ap).toBe(1);
    expect(Object.values(errors).every(({ lost, count }) => lost === 0 && count === 0)).toBe(true);
    expect(totals).toMatchObject({ truePositives: 1, falsePositives: 0, objects: 1, falseNegatives: 0 });
    expect(detections).toMatchObject({ outcomes: ["TP"], annotations: Int32Array.of(0) });
    expect(annotations).toEqual(["Found"]);
  });

  it.each<[TideKind, Row, number, string]>([
    ["Loc", [1, ...near], 0, "Covered"],
    ["Cls", [2, ...box], 0, "Covered"],
    ["Both", [2, ...near], -1, "Miss"],
    ["Bkg", [1, ...far], -1, "Miss"],
  ])("names a detection %s", (kind, row, at, object) => {
    const { detections, annotations, errors } = diagnoseErrors(one, found([row]));
    expect(detections).toMatchObject({ outcomes: [kind], annotations: Int32Array.of(at) });
    expect(annotations).toEqual([object]);
    expect(errors[kind]).toMatchObject({ count: 1, ignored: 0, fixable: at < 0 ? 0 : 1 });
  });

  it("gives a mended Loc or Cls error to its object", () => {
    expect(diagnoseErrors(one, found([[1, ...near]])).errors.Loc).toMatchObject({ ap: 1, lost: 1 });
    const { ap, errors } = diagnoseErrors(one, found([[2, ...box]]));
    expect(ap).toBe(0); // of class 1, not found, and of class 2, which has no object
    expect(errors.Cls).toMatchObject({ ap: 1, lost: 1 }); // class 2 has nothing left and leaves the mean
    expect([...errors.Cls.perClass]).toEqual([[1, 1]]);
  });

  it("calls a second detection Dupe, or Loc at exactly the limit", () => {
    const twice = diagnoseErrors(
      one,
      found([
        [1, ...box],
        [1, 0, 0, 10, 8],
      ]),
    );
    expect(twice.detections.outcomes).toEqual(["TP", "Dupe"]);
    expect(twice.errors.Dupe).toMatchObject({ count: 1, fixable: 0 });
    expect(
      diagnoseErrors(
        one,
        found([
          [1, ...box],
          [1, 0, 0, 10, 5],
        ]),
      ).detections.outcomes[1],
    ).toBe("Loc");
  });

  it("owns an object by the best of its errors, of whatever kind", () => {
    const { errors, annotations } = diagnoseErrors(
      one,
      found([
        [2, ...box],
        [1, ...near],
      ]),
    );
    expect(annotations).toEqual(["Covered"]);
    expect([errors.Cls.fixable, errors.Loc.fixable]).toEqual([1, 0]);
    expect(errors.Loc.ap).toBe(0); // its error is gone, nothing became true
  });

  it("lets a detection whose object is taken take the next best", () => {
    const pair = truth([
      [1, ...box],
      [1, 0, 0, 10, 9],
    ]);
    expect(
      diagnoseErrors(
        pair,
        found([
          [1, ...box],
          [1, ...box],
        ]),
      ).totals.truePositives,
    ).toBe(2);
  });

  it("ignores detections inside a crowd region, but diagnoses them", () => {
    const crowd = truth(
      [
        [1, ...box],
        [1, 40, 40, 60, 60],
      ],
      { crowds: [1] },
    );
    const { detections, totals, errors, ap, annotations } = diagnoseErrors(
      crowd,
      found([
        [1, ...far],
        [1, ...box],
      ]),
    );
    expect([...detections.ignored]).toEqual([1, 0]);
    expect(totals).toMatchObject({ ignored: 1, falsePositives: 0, objects: 1 });
    expect(errors.Bkg).toMatchObject({ count: 1, ignored: 1 });
    expect([ap, annotations[1]]).toEqual([1, "crowd"]);
  });

  it("asks no longer for missed objects when Miss is mended; false positives and negatives are the ends", () => {
    const pair = truth([
      [1, ...box],
      [1, ...far],
    ]);
    const { ap, errors, falsePositives, falseNegatives, positives } = diagnoseErrors(
      pair,
      found([
        [2, 90, 90, 5, 5],
        [1, ...box],
      ]),
    );
    expect(ap).toBeCloseTo(51 / 101 / 2, 12);
    expect(errors.Miss.perClass.get(1)).toBe(1);
    expect(falsePositives.perClass.get(1)).toBeCloseTo(51 / 101, 12);
    expect(falseNegatives.ap).toBe(0.5);
    expect([...positives]).toEqual([[1, 2]]);
  });

  it("keeps the best detections of an image, and leaves unknown images aside", () => {
    const rows: Row[] = [
      [1, ...far],
      [1, ...box],
    ];
    const cut = diagnoseErrors(one, found(rows), { maxDetections: 1 });
    expect(cut.detections.outcomes).toEqual(["Bkg", "cut"]);
    expect(cut.totals.cut).toBe(1);
    expect(diagnoseErrors(one, found(rows, 7)).detections.outcomes).toEqual(["dropped", "dropped"]);
    expect(diagnoseErrors(truth([[1, ...box]], { images: [2] }), found([])).annotations).toEqual(["dropped"]);
  });

  it("is -1 without anything to measure, 0 without detections", () => {
    const { ap, errors, falseNegatives } = diagnoseErrors(truth([]), found([]));
    expect([ap, errors.Miss.lost, falseNegatives.lost]).toEqual([-1, 0, 0]);
    expect(diagnoseErrors(one, found([]))).toMatchObject({
      ap: 0,
      annotations: ["Miss"],
      errors: { Miss: { count: 1 } },
    });
  });

  it("refuses what it cannot use", () => {
    expect(() => diagnoseErrors(one, found([]), { backgroundIou: 0.6 })).toThrow(
      "got backgroundIou 0.6, foregroundIou 0.5",
    );
    expect(() => diagnoseErrors(one, found([]), { maxDetections: 0 })).toThrow(
      "maxDetections must be at least 1, got 0",
    );
    const detections = found([[1, ...box]]);
    expect(() => diagnoseErrors(one, { ...detections, scores: Float64Array.of(Number.NaN) })).toThrow(
      "score of detection 0",
    );
    expect(() => diagnoseErrors(one, { ...detections, scores: new Float64Array(2) })).toThrow(
      "imageIds of 2 detections (as many as scores) must hold 2 numbers, got 1",
    );
    const boxes = Float64Array.of(0, 0, Number.NaN, 1);
    const missing = { ...one, annotations: { ...one.annotations, boxes } };
    expect(() => diagnoseErrors(missing, detections)).toThrow('annotation id 1 needs "bbox"');
  });
});
