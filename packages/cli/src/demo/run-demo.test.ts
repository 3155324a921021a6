import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { useBackend } from "@lad/backends";
import { loadImage } from "@napi-rs/canvas";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectingTerminal } from "../../test/collecting-terminal";
import { runDemo } from "./run-demo";

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const tiny = { seed: 0, images: { train: 4, val: 2 }, pictures: 1, overrides: ["epochs=1"] };

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-demo-"));
  await useBackend("wasm", { threads: 1 });
});
afterAll(() => rm(directory, { recursive: true }));

test("trains three networks, judges them, draws what they see, and can be run again", async () => {
  const before = tf.memory().numTensors;
  const terminal = collectingTerminal();
  const results = await runDemo({ directory: at("demo"), ...tiny }, terminal);
  expect(tf.memory().numTensors).toBe(before);
  expect(results.map(({ name, recipe }) => [name, recipe])).toEqual([
    ["teacher", "demo/paa-teacher"],
    ["student", "demo/paa-student"],
    ["lad-student", "demo/lad-student"],
  ]);
  expect(results[2]!.parameters).toBe(results[1]!.parameters);
  expect(results[0]!.parameters).toBeGreaterThan(results[1]!.parameters);
  for (const { metrics } of results) expect(metrics.images).toBe(2);
  expect((await readdir(at("demo"))).sort()).toEqual(["lad-demo.json", "pictures", "results.json", "runs", "shapes"]);
  const pictures = (await readdir(at("demo", "pictures"))).sort();
  expect(pictures).toEqual([expect.stringMatching(/^anchors-val_/), expect.stringMatching(/^detections-val_/)]);
  const [anchors, detections] = await Promise.all(
    pictures.map(async (name) => loadImage(await readFile(at("demo", "pictures", name)))),
  );
  expect(anchors!.width).toBe(2 * 320 + 8);
  expect(detections!.width).toBe(4 * 320 + 3 * 8);
  const again = await runDemo({ directory: at("demo"), ...tiny }, collectingTerminal());
  expect(again.map(({ metrics }) => metrics)).toEqual(results.map(({ metrics }) => metrics));
});

test("a directory that holds something else is left alone", async () => {
  await writeFile(at("mine.txt"), "precious");
  await expect(runDemo({ directory, ...tiny }, collectingTerminal())).rejects.toThrow(
    "holds something that is not a demo's",
  );
  expect(await readFile(at("mine.txt"), "utf8")).toBe("precious");
});
