import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../test/tiny";

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const writeJson = (name: string, value: unknown) => writeFile(at(name), JSON.stringify(value));

/** Boxes as the file has them, counted from 1. */
const annotation = (...objects: [name: string, difficult: number, ...box: number[]][]) =>
  `<annotation>${objects
    .map(
      ([name, difficult, x1, y1, x2, y2]) =>
        `<object><name>${name}</name><difficult>${difficult}</difficult><bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox></object>`,
    )
    .join("")}</annotation>`;
const dog = { image_id: "000007", category_id: 2, bbox: [0, 0, 40, 40], score: 0.9 };

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-eval-voc-"));
  await mkdir(at("Annotations"));
  await mkdir(at("ImageSets", "Main"), { recursive: true });
  await writeFile(at("ImageSets", "Main", "test.txt"), "000007\n");
  await writeFile(at("Annotations", "000007.xml"), annotation(["dog", 0, 1, 1, 41, 41], ["cat", 1, 51, 51, 91, 91]));
  await writeFile(at("Annotations", "000008.xml"), annotation(["cat", 0, 1, 1, 21, 21]));
  await writeJson("dt.json", [dog, { ...dog, image_id: 8, category_id: 1, score: 0.8 }]);
});
afterAll(() => rm(directory, { recursive: true }));

const evaluate = (...more: string[]) => run("eval", "voc", "--gt", directory, "--dt", at("dt.json"), ...more);
const metricsOf = async (...more: string[]) => {
  const { code, text } = await evaluate("--json", at("out.json"), ...more);
  if (code !== 0) throw new Error(text);
  return JSON.parse(await readFile(at("out.json"), "utf8"));
};

test("judges by a VOC directory, difficult objects aside, and prints a table by class", async () => {
  const { code, terminal } = await evaluate();
  expect(code).toBe(0);
  expect(terminal.lines[0]).toMatch(/AP +AP50 +AP75\n.*\nall +50\.0 +50\.0 +50\.0/);
  expect(terminal.lines[0]).toMatch(/dog +1 +1 +100\.0 +100\.0 +100\.0/);
  expect(await metricsOf()).toEqual({
    ...{ AP: 0.5, AP50: 0.5, AP75: 0.5, interpolation: "area", images: 2, detections: 2 },
    thresholds: [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95].map((iou) => ({ iou, mAP: 0.5 })),
    classes: [
      { name: "cat", gts: 1, dets: 1, recall: 0, AP50: 0, AP: 0 },
      { name: "dog", gts: 1, dets: 1, recall: 1, AP50: 1, AP: 1 },
    ],
  });
});

test("takes a list of the directory, other classes and another origin", async () => {
  await writeJson("dt.json", [dog]);
  expect(await metricsOf("--split", "test")).toMatchObject({ images: 1, AP: 1, classes: [{ AP: -1 }, { AP: 1 }] });
  await writeJson("dt.json", [{ ...dog, category_id: 1 }]);
  expect(await metricsOf("--classes", "dog")).toMatchObject({ AP: 1, classes: [{ name: "dog", gts: 1 }] });
  const shifted = await metricsOf("--classes", "dog", "--voc-origin", "0"); // IoU 39² / (2 · 40² - 39²) = 0.906
  expect(shifted).toMatchObject({ AP50: 1, AP: expect.closeTo(0.9, 6) });
  await writeJson("dt.json", [dog]);
  expect(await metricsOf("--interpolation", "11points")).toMatchObject({ interpolation: "11points", AP: 0.5 });
});

test("judges by a COCO file whose difficult objects are marked", async () => {
  const box = { image_id: 3, category_id: 5, bbox: [0, 0, 10, 10] };
  const coco = {
    images: [{ id: 3, file_name: "JPEGImages/a.jpg" }],
    categories: [{ id: 5, name: "cell" }],
    annotations: [box, { ...box, bbox: [50, 50, 10, 10], ignore: 1 }],
  };
  await writeJson("gt.json", coco);
  await writeJson("dt.json", [{ ...box, image_id: "a", score: 1 }]);
  const { terminal } = await run("eval", "voc", "--gt", at("gt.json"), "--dt", at("dt.json"), "--json", "-");
  expect(JSON.parse(terminal.lines[0]!)).toMatchObject({ AP: 1, classes: [{ gts: 1, dets: 1 }] });
  await writeJson("gt.json", { ...coco, annotations: [{ ...box, image_id: 4 }] });
  expect((await run("eval", "voc", "--gt", at("gt.json"), "--dt", at("dt.json"))).text).toContain(
    "is on image 4, which",
  );
});

test.each([
  ["no list", {}, "expected array"],
  ["no score", [{ ...dog, score: undefined }], "0.score"],
  [
    "a strange image",
    [{ ...dog, image_id: 9 }],
    "0: image_id 9 is not in the ground truth (2 images; categories 1 cat, 2 dog)",
  ],
  ["a strange class", [{ ...dog, category_id: 3 }], "category_id 3"],
])("names what is wrong with the results: %s", async (_, value, message) => {
  await writeJson("dt.json", value);
  expect(await evaluate()).toMatchObject({ code: 1, text: expect.stringContaining(message) });
});

test("names files that cannot be read, and options that are none", async () => {
  await writeFile(at("dt.json"), "[{]");
  expect(await evaluate()).toMatchObject({ code: 1, text: expect.stringContaining("dt.json is not JSON") });
  expect((await run("eval", "voc", "--gt", at("none"), "--dt", at("dt.json"))).text).toContain("none cannot be read");
  expect((await run("eval", "voc", "--gt", directory, "--dt", at("none"))).text).toContain("none cannot be read");
  expect(await evaluate("--interpolation", "12")).toMatchObject({ code: 2, text: expect.stringContaining('got "12"') });
  expect(await evaluate("--split", "val")).toMatchObject({
    code: 1,
    text: expect.stringContaining("val.txt does not"),
  });
});
