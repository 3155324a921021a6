import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Detections, ndArray } from "@lad/core";
import { openDataset } from "@lad/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeVocAnnotations } from "../../test/voc-directory";
import { judge } from "./judge";

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const cat = (box: readonly number[], difficult = false) => ({ name: "cat", box, difficult });
const [left, right] = [
  [0, 0, 20, 20],
  [30, 0, 60, 30],
] as const;

/** Detections of cats, best first. */
function found(...boxes: (readonly number[])[]): Detections {
  return {
    boxes: ndArray(Float32Array.from(boxes.flat()), [boxes.length, 4]),
    scores: Float32Array.from(boxes, (_, index) => 1 - index / 10),
    labels: new Int32Array(boxes.length),
  };
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-judge-"));
  await writeVocAnnotations(at("VOC2007"), { a: [cat(left), cat(right)], b: [cat(left, true)] }, { test: ["a", "b"] });
  await writeVocAnnotations(at("VOC2012"), { a: [cat(left)] }, { test: ["a"] });
  for (const file of ["VOC2007/JPEGImages/a.png", "VOC2007/JPEGImages/b.png", "VOC2012/JPEGImages/a.png"])
    await writeFile(at(file), ""); // judging needs no pictures
});
afterAll(() => rm(directory, { recursive: true }));

const open = (...years: string[]) =>
  openDataset(
    years.map((year) => at(year)),
    "test",
    { keepDifficult: true },
  );

test("VOC 2007 is judged at eleven points, difficult objects aside", async () => {
  const results = new Map([
    ["a", found(left)], // one of two: recall 0.5 at precision 1
    ["b", found(left)], // difficult: neither right nor wrong
  ]);
  const { metrics, table } = await judge(await open("VOC2007"), results);
  expect(metrics).toMatchObject({ interpolation: "11points", images: 2, AP: expect.closeTo(6 / 11, 6) });
  expect(metrics.classes).toEqual([
    { name: "cat", gts: 2, dets: 2, recall: 0.5, AP50: expect.closeTo(6 / 11, 6), AP: expect.closeTo(6 / 11, 6) },
  ]);
  expect(table).toMatch(/VOC, 11 points +AP +AP50 +AP75\n.*\nall +54\.5 +54\.5 +54\.5/);
  expect(table).toMatch(/cat +2 +2 +50\.0 +54\.5 +54\.5/);
  const area = await judge(await open("VOC2007"), results, { interpolation: "area" });
  expect(area.metrics).toMatchObject({ interpolation: "area", AP: 0.5 });
});

test("several years are judged together, by area, though they share names", async () => {
  const results = new Map([
    ["VOC2007/a", found(left, right)],
    ["b", found()],
    ["VOC2012/a", found()],
  ]);
  const { metrics } = await judge(await open("VOC2007", "VOC2012"), results);
  expect(metrics).toMatchObject({ interpolation: "area", images: 3, AP: expect.closeTo(2 / 3, 6) });
});

test("the mean goes over IoU thresholds, as the LD repository's does", async () => {
  const shifted = found([1, 0, 21, 20], right); // IoU of the first 19 / 21 = 0.905: right at 9 of 10 thresholds
  const { metrics } = await judge(
    await open("VOC2007"),
    new Map([
      ["a", shifted],
      ["b", found()],
    ]),
    { interpolation: "area" },
  );
  // at 0.95 only the second is right: recall 0.5 at precision 0.5
  expect(metrics).toMatchObject({ AP50: 1, AP75: 1, AP: expect.closeTo((9 + 0.25) / 10, 6) });
});

test("COCO's evaluation can be asked for, and VOC's of a COCO file", async () => {
  const results = new Map([
    ["a", found(left, right)],
    ["b", found(left)],
  ]);
  const asCoco = await judge(await open("VOC2007"), results, { as: "coco" });
  expect(asCoco.metrics).toMatchObject({ AR100: 1, detections: 3 });
  expect(asCoco.metrics.AP).toBeCloseTo(1, 10);
  const image = { width: 112, height: 112 };
  const object = { image_id: 7, category_id: 3, area: 400, iscrowd: 0 };
  const coco = {
    images: [
      { ...image, id: 9, file_name: "b.png" },
      { ...image, id: 7, file_name: "a.png" },
    ],
    categories: [{ id: 3, name: "cat" }],
    annotations: [
      { ...object, id: 1, bbox: [0, 0, 20, 20] },
      { ...object, id: 2, bbox: [30, 0, 30, 30] },
      { ...object, id: 3, image_id: 9, bbox: [0, 0, 20, 20], iscrowd: 1 },
    ],
  };
  await mkdir(at("coco", "images"), { recursive: true });
  for (const name of ["a", "b"]) await writeFile(at("coco", "images", `${name}.png`), "");
  await writeFile(at("coco", "instances_val.json"), JSON.stringify(coco));
  const dataset = await openDataset(at("coco"), "val");
  const [b, a] = dataset.images.map(({ id }) => id);
  const ofCoco = new Map([
    [a!, found(left)],
    [b!, found(left)],
  ]);
  const asVoc = await judge(dataset, ofCoco, { as: "voc" });
  expect(asVoc.metrics).toMatchObject({ interpolation: "area", AP: 0.5, images: 2, classes: [{ gts: 2, dets: 2 }] });
  expect((await judge(dataset, ofCoco)).metrics).toHaveProperty("AR100");
});
