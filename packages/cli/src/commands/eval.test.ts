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
  expect(terminal.lines[0]).toMatch(/all +100\.0/);
  expect(terminal.lines[0]).toMatch(/cell +100\.0 +100\.0/);
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
