import { copyFile, readFile, writeFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyConfig, tinyEngine, tinyWorkplace, trainedWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
const engine = tinyEngine;

beforeAll(async () => {
  place = await trainedWorkplace();
});
afterAll(() => place.remove());

test("a run is tested with what it knows, and its detections give the same numbers again", async () => {
  const before = tf.memory().numTensors;
  const tested = await run(
    "test",
    place.at("run"),
    "--json",
    place.at("m.json"),
    "--detections",
    place.at("dt.json"),
    ...engine,
  );
  expect(tested).toMatchObject({ code: 0 });
  expect(tested.text).toContain("AP50");
  expect(tested.text).toContain(`weights: ${place.at("run", "checkpoints", "best.safetensors")}`);
  const metrics = JSON.parse(await readFile(place.at("m.json"), "utf8"));
  expect(metrics).toMatchObject({ images: 2, classes: [{ name: "circle" }, { name: "square" }, { name: "triangle" }] });
  const evaluated = await run(
    "eval",
    "coco",
    "--gt",
    place.at("shapes", "instances_val.json"),
    "--dt",
    place.at("dt.json"),
    "--json",
    "-",
  );
  expect(JSON.parse(evaluated.terminal.lines[0]!)).toEqual(metrics);
  expect(tf.memory().numTensors).toBe(before);
});

test("a configuration is tested with a checkpoint and a data set", async () => {
  const weights = place.at("run", "checkpoints", "last.safetensors");
  const tested = await run(
    "test",
    place.config,
    "--checkpoint",
    weights,
    "--data",
    place.data,
    "--json",
    "-",
    ...engine,
  );
  expect(tested).toMatchObject({ code: 0 });
  expect(JSON.parse(tested.terminal.lines[0]!)).toMatchObject({ images: 2 });
  expect((await run("test", place.config, "--data", place.data, ...engine)).text).toContain(
    "--checkpoint F is missing",
  );
  expect((await run("test", place.config, "--checkpoint", weights, ...engine)).text).toContain(
    "the classes are not known",
  );
});

test("a checkpoint of another architecture names the first parameters that differ", async () => {
  await writeFile(place.at("wide.config.ts"), tinyConfig.replace("channels: 8", "channels: 12"));
  const tested = await run(
    "test",
    place.at("wide.config.ts"),
    "--checkpoint",
    place.at("run"),
    "--data",
    place.data,
    ...engine,
  );
  expect(tested.code).toBe(1);
  expect(tested.text).toMatch(
    /error: --checkpoint .*best\.safetensors: the weights do not fit the network of \d+ parameters:\n {2}\d+ of another shape: neck\.lateral_convs\.0\.conv\.weight \(network \[12,8,1,1\], checkpoint \[8,8,1,1\]\)/,
  );
});

test("a damaged checkpoint, a damaged run, a place that is no run", async () => {
  const whole = await readFile(place.at("run", "checkpoints", "last.safetensors"));
  await writeFile(place.at("cut.safetensors"), whole.subarray(0, whole.length / 2));
  const cut = await run("test", place.at("run"), "--checkpoint", place.at("cut.safetensors"), ...engine);
  expect(cut).toMatchObject({ code: 1, text: expect.stringContaining("cut.safetensors") });
  await writeFile(place.at("config.json"), '{"format": 2}');
  const damaged = await run("test", place.directory, ...engine);
  expect(damaged.text).toMatch(/config\.json is not the config\.json of a run: format: /);
  const none = await run("test", place.data, ...engine);
  expect(none).toMatchObject({ code: 1, text: expect.stringContaining("no recipe is named") });
});

test("a missing and a truncated picture are named", async () => {
  const broken = await tinyWorkplace({ train: 1 });
  try {
    const first = broken.at("shapes", "images", "val_00001.png");
    const bytes = await readFile(first);
    await writeFile(first, bytes.subarray(0, 300));
    const cut = await run("test", place.at("run"), "--data", broken.data, ...engine);
    expect(cut).toMatchObject({
      code: 1,
      text: expect.stringMatching(/val_00001\.png is truncated, damaged or not a picture/),
    });
    await copyFile(broken.at("shapes", "instances_val.json"), broken.at("shapes", "instances_two.json"));
    const annotations = JSON.parse(await readFile(broken.at("shapes", "instances_two.json"), "utf8"));
    annotations.images[0].file_name = "gone.png";
    await writeFile(broken.at("shapes", "instances_two.json"), JSON.stringify(annotations));
    const missing = await run("test", place.at("run"), "--data", broken.data, "--split", "two", ...engine);
    expect(missing).toMatchObject({ code: 1, text: expect.stringContaining("gone.png") });
  } finally {
    await broken.remove();
  }
});
