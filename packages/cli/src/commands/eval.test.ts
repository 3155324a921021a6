import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../test/tiny";

let directory = "";
const at = (...names: string[]) => path.join(directory, ...names);
const truth = {
  images: [{ id: 1, file_name: "a.png", width: 100, height: 100 }],
  categories: [{ id: 7, name: "cell" }],
  annotations: [{ id: 1, image_id: 1, category_id: 7, bbox: [10, 10, 40, 40], area: 1600, iscrowd: 0 }],
};
const found = [{ image_id: 1, category_id: 7, bbox: [10, 10, 40, 40], score: 0.9 }];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-eval-"));
  await writeFile(at("gt.json"), JSON.stringify(truth));
  await writeFile(at("dt.json"), JSON.stringify(found));
});
afterAll(() => rm(directory, { recursive: true }));

test("prints a table and writes the numbers", async () => {
  const { code, terminal } = await run(
    "eval",
    "coco",
    "--gt",
    at("gt.json"),
    "--dt",
    at("dt.json"),
    "--json",
    at("out.json"),
  );
  expect(code).toBe(0);
  expect(terminal.lines[0]).toMatch(
    /^ Average Precision {2}\(AP\) @\[ IoU=0\.50:0\.95 \| area= {3}all \| maxDets=100 \] = 1\.000\n/,
  );
  expect(terminal.lines.join("\n")).not.toContain("cell");
  const metrics = JSON.parse(await readFile(at("out.json"), "utf8"));
  expect(metrics).toMatchObject({
    AP50: expect.closeTo(1, 12),
    APs: -1,
    APm: expect.any(Number),
    images: 1,
    detections: 1,
    classes: [{ name: "cell" }],
  });
  expect(metrics.AP).toBeCloseTo(1, 12);
});

test("judges masks and keypoints too, with a table of the classes if asked for", async () => {
  const keypoints = Array.from({ length: 17 }, (_, i) => [20 + i, 40 - i, 2]).flat();
  const annotation = {
    ...truth.annotations[0]!,
    keypoints,
    num_keypoints: 17,
    segmentation: [[10, 10, 50, 10, 50, 50]],
  };
  await writeFile(at("gt-all.json"), JSON.stringify({ ...truth, annotations: [annotation] }));
  const size = [100, 100];
  const whole = "0`h9"; // every pixel
  const results = [{ ...found[0]!, keypoints, segmentation: { size, counts: whole } }];
  await writeFile(at("dt-all.json"), JSON.stringify(results));
  const judge = (...more: string[]) =>
    run("eval", "coco", "--gt", at("gt-all.json"), "--dt", at("dt-all.json"), ...more);
  const masks = await judge("--iou", "segm", "--per-class");
  expect(masks.terminal.lines.join("\n")).toMatch(
    /maxDets=100 \] = 0\.000\n(?:.*\n)*category +AP +AP50 +AR\ncell +0\.000/,
  );
  const boxes = await judge("--per-class", "--json", "-");
  expect(boxes.terminal.lines).toHaveLength(1);
  expect(JSON.parse(boxes.terminal.lines[0]!).AP).toBeCloseTo(1, 12);
  const parts = await judge("--iou", "keypoints", "--json", "-");
  const numbers = JSON.parse(parts.terminal.lines[0]!);
  expect(Object.keys(numbers).slice(0, 10)).toEqual("AP AP50 AP75 APm APl AR AR50 AR75 ARm ARl".split(" "));
  expect(numbers).toMatchObject({ AP: expect.closeTo(1, 12), APl: -1, detections: 1 });
  expect(await judge("--iou", "mask")).toMatchObject({
    code: 2,
    text: expect.stringContaining("wanted bbox, segm or"),
  });
  const explained = await judge("--iou", "segm", "--explain", at("no"));
  expect(explained).toMatchObject({ code: 2, text: expect.stringContaining("--explain: of boxes only") });
});

test("files that cannot be used are named, with the option they came by", async () => {
  const missing = await run("eval", "coco", "--gt", at("no.json"), "--dt", at("dt.json"));
  expect(missing).toMatchObject({ code: 1, text: expect.stringContaining(`--gt ${at("no.json")} cannot be read`) });
  await writeFile(at("nan.json"), '[{"image_id": 1, "category_id": 7, "bbox": [NaN, 1, 2, 3], "score": 1}]');
  const broken = await run("eval", "coco", "--gt", at("gt.json"), "--dt", at("nan.json"));
  expect(broken).toMatchObject({ code: 1, text: expect.stringContaining(`--dt ${at("nan.json")}: `) });
  expect((await run("eval", "coco", "--gt", at("dt.json"), "--dt", at("dt.json"))).text).toContain(
    `--gt ${at("dt.json")}: `,
  );
});

test("--explain writes a page, its data and its pictures, with the worst images if they are there", async () => {
  await writeFile(at("dt.json"), JSON.stringify([{ ...found[0]!, bbox: [60, 60, 30, 30] }]));
  const canvas = createCanvas(1000, 500);
  canvas.getContext("2d").fillRect(0, 0, 1000, 500);
  await writeFile(at("a.png"), canvas.toBuffer("image/png"));
  const files = ["--gt", at("gt.json"), "--dt", at("dt.json"), "--explain", at("explained")];
  expect((await run("eval", "coco", ...files)).text).toContain(`explained in ${at("explained", "index.html")}`);
  expect((await readdir(at("explained"))).sort()).toEqual([
    "confusion.svg",
    "explanation.json",
    "index.html",
    "precision-recall.svg",
  ]);
  const page = () => readFile(at("explained", "index.html"), "utf8");
  expect(await page()).toContain("a.png: 1 not found, 1 false");
  expect(await page()).not.toContain("data:image");
  await run("eval", "coco", ...files, "--images", directory);
  expect(await page()).toMatch(/href="data:image\/jpeg;base64,[\w+/=]{100,}"/);
  const explained = JSON.parse(await readFile(at("explained", "explanation.json"), "utf8"));
  expect(explained).toMatchObject({
    stats: { AP: 0 },
    confusion: {
      counts: [
        [0, 0, 1],
        [1, 0, 0],
      ],
    },
  });
});

test("there are two kinds of evaluation, with options of their own", async () => {
  const { code, text } = await run("eval", "vocs", "--gt", "a", "--dt", "b");
  expect(code).toBe(2);
  expect(text).toContain('wanted coco or voc, got "vocs"');
  const foreign = await run("eval", "coco", "--gt", at("gt.json"), "--dt", at("dt.json"), "--split", "val");
  expect(foreign).toMatchObject({ code: 2, text: expect.stringContaining("--split is an option of lad eval voc") });
  const page = await run("eval", "voc", "--gt", at("gt.json"), "--dt", at("dt.json"), "--explain", "x");
  expect(page).toMatchObject({ code: 2, text: expect.stringContaining("--explain is an option of lad eval coco") });
});
