import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyEngine, tinyWorkplace } from "../../test/tiny";
import { cocoAsVoc } from "../../test/voc-directory";

let place: TinyWorkplace;
let trained: Awaited<ReturnType<typeof run>>;
const json = async (...parts: string[]) => JSON.parse(await readFile(place.at(...parts), "utf8"));
/** So low that an untaught network finds something to judge. */
const low = "test.scoreThreshold=0.001";
const splits = ["training.split=trainval", "validation.split=test", "epochs=1", low].flatMap((text) => ["--set", text]);

beforeAll(async () => {
  place = await tinyWorkplace();
  // both years have the pictures train_00001 …, in the first one of which all is difficult
  await cocoAsVoc(place.data, place.at("VOC2007"), { trainval: "train", test: "val" }, ["train_00001"]);
  await cocoAsVoc(place.data, place.at("VOC2012"), { trainval: "train" });
  const years = ["--data", place.at("VOC2007"), "--data", place.at("VOC2012")];
  trained = await run("train", place.config, ...years, "--out", place.at("run"), ...splits, ...tinyEngine);
});
afterAll(() => place.remove());

test("two years are trained on as one, and validated by VOC's evaluation", async () => {
  expect(trained).toMatchObject({ code: 0 });
  expect(trained.text).toMatch(/VOC data set \(.*VOC2007.*trainval\.txt.*VOC2012.*trainval\.txt.*: 16 images, /);
  expect(trained.text).toContain("1 images without boxes are not trained on");
  expect(trained.text).toContain("trained 3 iterations"); // batches of 4
  expect(trained.text).toMatch(/VOC data set \(\S*VOC2007\S*test\.txt[^;]*: 2 images/);
  expect(trained.text).toMatch(/VOC2012 is passed over: it has no \S*test\.txt/);
  expect(await json("run", "config.json")).toMatchObject({ data: [place.at("VOC2007"), place.at("VOC2012")] });
  const report = await json("run", "report", "validation.json");
  expect(report).toMatchObject({ interpolation: "11points", images: 2, thresholds: { length: 10 } });
});

test("pictures with nothing but difficult objects are trained on where the configuration says so", async () => {
  const { code, text } = await run(
    ...["train", place.config, "--data", place.directory, "--out", place.at("kept"), ...splits],
    ...["--set", "training.keepIgnoredOnly=true", ...tinyEngine],
  );
  expect(code).toBe(0); // the folder of both years will do as well
  expect(text).toMatch(/VOC2007.*VOC2012.*: 16 images, /);
  expect(text).not.toContain("not trained on");
  expect(text).toContain("trained 4 iterations");
});

test("lad test judges a VOC run as lad eval voc does, on the split it was validated on", async () => {
  const found = ["--detections", place.at("dt.json"), "--json", place.at("m.json")];
  const tested = await run("test", place.at("run"), ...found, ...tinyEngine);
  expect(tested).toMatchObject({ code: 0 });
  expect(tested.terminal.lines[0]).toMatch(/VOC, 11 points +AP +AP50 +AP75\n(.*\n)*class +gts +dets +recall +AP50 +AP/);
  const metrics = await json("m.json");
  expect(metrics.detections).toBeGreaterThan(0);
  const files = ["--gt", place.at("VOC2007"), "--split", "test", "--dt", place.at("dt.json")];
  const evaluated = await run("eval", "voc", ...files, "--json", "-");
  expect(JSON.parse(evaluated.terminal.lines[0]!)).toEqual(metrics);
  expect(metrics).toEqual(await json("run", "report", "validation.json"));
});

test("COCO's evaluation, and VOC's by area, can be asked for", async () => {
  const judged = async (...options: string[]) =>
    JSON.parse((await run("test", place.at("run"), "--json", "-", ...options, ...tinyEngine)).terminal.lines[0]!);
  expect(await judged("--judge", "coco")).toMatchObject({ AR100: expect.any(Number), images: 2 });
  expect(await judged("--interpolation", "area")).toMatchObject({ interpolation: "area" });
  const both = await judged("--data", place.at("VOC2007"), "--data", place.at("VOC2012"), "--split", "trainval");
  expect(both).toMatchObject({ interpolation: "area", images: 16 });
  for (const wrong of [
    ["--judge", "lvis"],
    ["--interpolation", "12"],
  ])
    expect(await run("test", place.at("run"), ...wrong)).toMatchObject({ code: 2 });
});

test("a run on two years is gone on with", async () => {
  const years = ["--data", place.at("VOC2012"), "--data", place.at("VOC2007")];
  const other = await run("train", ...years, "--out", place.at("run"), "--resume");
  expect(other).toMatchObject({ code: 1, text: expect.stringContaining("--data is") });
  const resumed = await run("train", "--out", place.at("run"), "--resume", ...tinyEngine);
  expect(resumed).toMatchObject({ code: 0, text: expect.stringContaining("goes on after iteration 3") });
});
