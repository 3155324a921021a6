import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyEngine, trainedWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
const engine = tinyEngine;
const picture = () => place.at("shapes", "images", "val_00001.png");

beforeAll(async () => {
  place = await trainedWorkplace();
});
afterAll(() => place.remove());

test("writes a picture for every picture, under names of their own", async () => {
  await copyFile(picture(), place.at("val_00001.png"));
  const found = await run(
    "detect",
    picture(),
    place.at("val_00001.png"),
    "--checkpoint",
    place.at("run"),
    "--out",
    place.at("seen"),
    "--min-score",
    "0",
    ...engine,
  );
  expect(found).toMatchObject({ code: 0 });
  expect((await readdir(place.at("seen"))).sort()).toEqual(["val_00001-2.png", "val_00001.png"]);
  const { width, height } = await loadImage(await readFile(place.at("seen", "val_00001.png")));
  expect([width, height]).toEqual([112, 112]);
  expect(found.terminal.lines[0]).toContain(`val_00001.png: `);
});

test("a checkpoint inside a run knows its run; --json lists everything that was found", async () => {
  const weights = place.at("run", "checkpoints", "last.safetensors");
  const found = await run(
    "detect",
    picture(),
    "--checkpoint",
    weights,
    "--out",
    place.at("json"),
    "--json",
    "-",
    ...engine,
  );
  expect(found).toMatchObject({ code: 0 });
  const listed = JSON.parse(found.terminal.lines.join("\n"));
  expect(listed).toMatchObject([{ file: picture(), detections: expect.any(Array) }]);
});

test("a checkpoint on its own needs the configuration and the classes", async () => {
  await copyFile(place.at("run", "checkpoints", "last.safetensors"), place.at("alone.safetensors"));
  const alone = ["detect", picture(), "--checkpoint", place.at("alone.safetensors"), "--out", place.at("alone")];
  expect((await run(...alone, ...engine)).text).toContain("give --config C and --classes a,b,c besides");
  expect((await run(...alone, "--config", place.config, ...engine)).text).toContain("the classes are not known");
  expect(await run(...alone, "--config", place.config, "--classes", "a,b,c", ...engine)).toMatchObject({ code: 0 });
});

test("a broken or missing picture stops the command before it draws", async () => {
  await writeFile(place.at("bad.jpg"), "no picture");
  const broken = await run(
    "detect",
    picture(),
    place.at("bad.jpg"),
    "--checkpoint",
    place.at("run"),
    "--out",
    place.at("none"),
    ...engine,
  );
  expect(broken).toMatchObject({
    code: 1,
    text: expect.stringContaining("bad.jpg is truncated, damaged or not a picture"),
  });
  const missing = await run(
    "detect",
    place.at("no.jpg"),
    "--checkpoint",
    place.at("run"),
    "--out",
    place.at("none"),
    ...engine,
  );
  expect(missing).toMatchObject({ code: 1, text: expect.stringContaining("no.jpg") });
  await expect(readdir(place.at("none"))).rejects.toThrow("ENOENT");
});

test("calls that make no sense", async () => {
  const score = await run(
    "detect",
    picture(),
    "--checkpoint",
    place.at("run"),
    "--out",
    place.at("x"),
    "--min-score",
    "2",
    ...engine,
  );
  expect(score).toMatchObject({
    code: 2,
    text: expect.stringContaining('--min-score: wanted a number between 0 and 1, got "2"'),
  });
  await writeFile(place.at("file"), "");
  const out = await run(
    "detect",
    picture(),
    "--checkpoint",
    place.at("run"),
    "--out",
    place.at("file", "x"),
    ...engine,
  );
  expect(out).toMatchObject({ code: 1, text: expect.stringContaining("cannot be made") });
});
