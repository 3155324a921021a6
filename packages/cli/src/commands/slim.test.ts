import { readFile, stat, writeFile } from "node:fs/promises";
import { loadSafetensors } from "@lad/checkpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyConfig, tinyEngine, tinyWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
const alone = tinyConfig
  .replaceAll("paaNetwork", "gflNetwork")
  .replace("ladMethod", "ldMethod")
  .replace("...config, pipeline", "...config, test: { scoreThreshold: 0.001 }, pipeline"); // so low that an untaught network finds something
/** The same, taught by such a network. */
const taught = alone.replace(
  "method: plainMethod",
  "teacher: network, method: ldMethod({ region: {}, classes: {}, imitation: {} })",
);
const state = (...parts: string[]) => place.at("run", "checkpoints", ...parts);
const trained = async (config: string, out: string, ...argv: string[]) => {
  const paths = ["--data", place.data, "--out", place.at(out), "--set", "epochs=1"];
  const { code, text } = await run("train", place.at(config), ...paths, ...argv, ...tinyEngine);
  if (code !== 0) throw new Error(text);
};

beforeAll(async () => {
  place = await tinyWorkplace();
  await writeFile(place.at("alone.config.ts"), alone);
  await writeFile(place.at("taught.config.ts"), taught);
  await trained("alone.config.ts", "teacher");
  await trained("taught.config.ts", "run", "--teacher", place.at("teacher"), "--seed", "1");
});
afterAll(() => place.remove());

test("a distilled state becomes the student alone, which detects the same", async () => {
  const slim = place.at("slim.safetensors");
  const converted = await run("convert", "--slim", state("last.state.safetensors"), slim);
  expect(converted, converted.text).toMatchObject({ code: 0 });
  const names = async (file: string) => Object.keys((await loadSafetensors(file)).tensors).sort();
  expect((await loadSafetensors(slim)).metadata).toEqual({});
  expect(await names(slim)).toEqual(await names(state("last.safetensors")));
  expect((await stat(slim)).size).toBeLessThan(0.6 * (await stat(state("last.state.safetensors"))).size);
  expect((await readFile(slim)).includes("teacher")).toBe(false);
  expect((await readFile(state("last.state.safetensors"))).includes("teacher")).toBe(true);
  const found = async (name: string, model: string, checkpoint: string) => {
    const places = ["--data", place.data, "--checkpoint", checkpoint, "--detections", place.at(name)];
    expect(await run("test", model, ...places, ...tinyEngine)).toMatchObject({ code: 0 });
    return readFile(place.at(name), "utf8");
  };
  const before = await found("before.json", place.at("run"), state("last.safetensors"));
  expect(JSON.parse(before).length).toBeGreaterThan(0);
  expect(await found("after.json", place.at("alone.config.ts"), slim)).toBe(before);
  const other = await found("other.json", place.at("alone.config.ts"), place.at("teacher"));
  expect(other).not.toBe(before);
});

test("the student alone goes on learning from the slim file", async () => {
  const slim = place.at("again.safetensors");
  await run("convert", "--slim", state("last.state.safetensors"), slim);
  // at a rate of next to nothing the weights that were started from are those that come out
  await trained("alone.config.ts", "further", "--start", slim, "--set", "learningRate=1e-30");
  const weights = async (file: string) => {
    const { tensors } = await loadSafetensors(file);
    return Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith("bbox_head.")));
  };
  expect(await weights(place.at("further", "checkpoints", "last.safetensors"))).toEqual(await weights(slim));
});
