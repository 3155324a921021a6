import { evaluateCoco, readDetections, readGroundTruth } from "@lad/coco-eval";
import { describe, expect, test } from "vitest";
import { explanation } from "./explanation";
import { explanationPage } from "./explanation-page";

const box = [0, 0, 40, 40];
const object = (id: number, image_id: number, category_id: number, bbox: number[], more = {}) => ({
  ...{ id, image_id, category_id, bbox, area: bbox[2]! * bbox[3]!, iscrowd: 0 },
  ...more,
});
const nasty = '<script>alert("1")</script>';
const truth = readGroundTruth({
  images: [{ id: 1 }, { id: 2 }, { id: 3 }],
  categories: [
    { id: 4, name: "cat" },
    { id: 9, name: nasty },
  ],
  annotations: [
    object(1, 1, 4, box),
    object(2, 1, 9, [100, 100, 10, 10]),
    object(3, 2, 4, box),
    object(4, 2, 4, [60, 60, 30, 30]),
    object(5, 2, 4, [100, 100, 100, 100], { iscrowd: 1 }),
  ],
});
const found = (image_id: number, category_id: number, bbox: number[], score: number) => ({
  ...{ image_id, category_id, bbox, score },
});
const detections = readDetections([
  found(1, 4, box, 0.9),
  found(1, 4, [100, 100, 10, 10], 0.8), // the other class
  found(2, 4, [0, 0, 40, 12], 0.7), // badly placed
  found(3, 9, box, 0.6), // on nothing
  found(3, 9, [60, 0, 5, 5], 0.2),
]);
const judged = (of: typeof truth, found: typeof detections) => ({
  truth: of,
  detections: found,
  evaluation: evaluateCoco(of, found),
});
const explained = explanation(judged(truth, detections));

describe("explanation", () => {
  test("counts every object once in the confusion, as what was found there", () => {
    expect(explained.confusion).toEqual({
      rows: ["cat", nasty, "background"],
      columns: ["cat", nasty, "misplaced", "missed"],
      counts: [
        [1, 0, 1, 1],
        [1, 0, 0, 0],
        [0, 1, 0, 0], // not the one below 0.3
      ],
    });
  });

  test("splits by class and by size", () => {
    const [cat, other] = explained.classes;
    expect(cat).toMatchObject({ name: "cat", objects: 3, detections: 3 });
    expect(cat!.errors).toEqual({ Cls: 1, Loc: 1, Both: 0, Dupe: 0, Bkg: 0, Miss: 1 });
    expect(other).toMatchObject({ objects: 1, detections: 2, APm: -1, errors: { Bkg: 2 } });
    expect(
      explained.sizes.map(({ name, objects, found, covered, missed }) => [name, objects, found, covered, missed]),
    ).toEqual([
      ["all", 4, 1, 2, 1],
      ["small", 2, 0, 1, 1],
      ["medium", 2, 1, 1, 0],
      ["large", 0, 0, 0, 0],
    ]);
    expect(explained.sizes[3]!.AP).toBe(-1);
  });

  test("has the numbers of the evaluation and of TIDE", () => {
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(explained.curves[0]!.precision)).toBeCloseTo(explained.stats.AP50!, 12);
    expect(mean(explained.curves[1]!.precision)).toBeCloseTo(explained.stats.AP75!, 12);
    expect(mean(explained.curves[2]!.precision)).toBeCloseTo(explained.stats.AP!, 12);
    expect(explained.classes[0]!.AP50).toBeCloseTo(2 * explained.stats.AP50!, 12);
    expect(explained.tide.totals).toMatchObject({ truePositives: 1, objects: 4, falseNegatives: 3 });
    expect(explained.tide.errors.find(({ kind }) => kind === "Cls")).toMatchObject({ count: 1, fixable: 1 });
  });

  test("lists the worst images first, with their boxes", () => {
    expect(explained.worst.map(({ id, notFound, falsePositives }) => [id, notFound, falsePositives])).toEqual([
      [2, 2, 1],
      [1, 1, 1],
      [3, 0, 2],
    ]);
    expect(explained.worst[0]!.boxes.map(({ what }) => what)).toEqual(["Covered", "Miss", "crowd", "Loc"]);
    expect(explained.worst[2]!.boxes.map(({ what, score }) => [what, score])).toEqual([
      ["Bkg", 0.2],
      ["Bkg", 0.6],
    ]);
  });

  test("is empty where there is nothing", () => {
    const empty = { ...truth, annotations: readGroundTruth({ images: [], categories: [] }).annotations };
    const none = explanation(judged(empty, readDetections([])));
    expect(none.worst).toEqual([]);
    expect(none.stats.AP).toBe(-1);
    expect(explanationPage(none, new Map())).toContain("<h1>AP -</h1>");
  });
});

describe("explanationPage", () => {
  const page = explanationPage(
    explained,
    new Map([[2, { file: "a&b.jpg", width: 200, height: 100, href: "data:image/png;base64,AA==" }]]),
  );

  test("escapes what comes from the files, and loads nothing", () => {
    expect(page).not.toContain(nasty);
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(page).toContain("a&amp;b.jpg: 2 not found, 1 false");
    expect(page.match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
    expect(page).toContain("default-src 'none'");
  });

  test("has tables by class and size, pictures, and a figure for every worst image", () => {
    for (const id of ["stats", "errors", "classes", "sizes"]) expect(page).toContain(`<table id="${id}">`);
    expect(page.match(/<svg /g)).toHaveLength(3 + explained.worst.length);
    expect(page).toContain('href="data:image/png;base64,AA=="');
    expect(page.split("<script>")[0]).not.toMatch(/NaN|undefined|Infinity/);
  });
});
