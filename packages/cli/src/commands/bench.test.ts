import { readFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyEngine, trainedWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
beforeAll(async () => {
  place = await trainedWorkplace();
});
afterAll(() => place.remove());

const bench = (...argv: string[]) => run("bench", ...argv, ...tinyEngine);

test("a run's network is timed image by image, the warm-up aside", async () => {
  const before = tf.memory().numTensors;
  const limits = ["--split", "train", "--images", "6", "--warm-up", "2"];
  const begun = performance.now();
  const timed = await bench("fps", place.at("run"), ...limits, "--json", place.at("fps.json"));
  const taken = performance.now() - begun;
  expect(timed).toMatchObject({ code: 0 });
  expect(timed.text).toContain(`weights: ${place.at("run", "checkpoints", "best.safetensors")}`);
  expect(timed.terminal.lines[0]).toMatch(/timed +warm-up +images\/s +ms\/image +median ms\n.*\n +4 +2 +\d+\.\d/);
  const numbers = JSON.parse(await readFile(place.at("fps.json"), "utf8"));
  expect(numbers).toMatchObject({ images: 4, warmUp: 2, engine: "wasm" });
  expect(numbers.imagesPerSecond * numbers.msPerImage).toBeCloseTo(1000, 6);
  expect(numbers.msPerImage * 4).toBeLessThan(taken);
  expect(tf.memory().numTensors).toBe(before);
});

test("a split that is shorter than --images is used up; a network without weights is timed with its initial ones", async () => {
  const timed = await bench("fps", place.config, "--data", place.data, "--warm-up", "0", "--json", "-");
  expect(timed.code).toBe(0);
  expect(timed.text).toContain("weights: initial ones");
  expect(JSON.parse(timed.terminal.lines[0]!)).toMatchObject({ images: 2, warmUp: 0 });
});

test("says what is wrong", async () => {
  const wrong = async (...argv: string[]) => (await bench(...argv)).text;
  expect(await bench("speed", place.config)).toMatchObject({ code: 2, text: expect.stringContaining('got "speed"') });
  expect(await wrong("fps", place.config)).toContain("the classes are not known");
  expect(await wrong("fps", place.at("run"))).toContain("of 2 images 5 are for the warm-up");
  expect(await wrong("fps", place.at("run"), "--images", "some")).toContain("--images: wanted a whole number");
  expect(await wrong("fps", place.at("run"), "--warm-up", "0", "--network", "teacher")).toContain(
    'there is no network "teacher"',
  );
});
