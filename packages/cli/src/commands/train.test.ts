import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { saveSafetensors } from "@lad/checkpoints";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyConfig, tinyLadConfig, tinyWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
const train = (...argv: string[]) => run("train", ...argv, "--backend", "wasm", "--threads", "1");

beforeAll(async () => {
  place = await tinyWorkplace();
  expect((await train(place.config, "--data", place.data, "--out", place.at("run"), "--seed", "3")).code).toBe(0);
});
afterAll(() => place.remove());

test("a run directory holds all that is needed to open it again", async () => {
  expect((await readdir(place.at("run"))).sort()).toEqual([
    "checkpoints",
    "config.json",
    "metrics.jsonl",
    "report",
    "validation.jsonl",
  ]);
  expect((await readdir(place.at("run", "checkpoints"))).sort()).toEqual([
    "best.safetensors",
    "last.safetensors",
    "last.state.safetensors",
  ]);
  expect(JSON.parse(await readFile(place.at("run", "config.json"), "utf8"))).toMatchObject({
    format: 1,
    config: { file: place.config, text: tinyConfig },
    classes: ["circle", "square", "triangle"],
    data: place.data,
    seed: 3,
    pretrained: false,
    settings: { epochs: 2, batch: 4 },
  });
  const lines = (await readFile(place.at("run", "metrics.jsonl"), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines[3]!)).toMatchObject({ iteration: 4, epoch: 2, losses: { loss_cls: expect.any(Number) } });
  expect(JSON.parse(await readFile(place.at("run", "report", "validation.json"), "utf8"))).toMatchObject({ images: 2 });
});

test("leaves no tensor behind", async () => {
  const before = tf.memory().numTensors;
  expect((await train(place.config, "--data", place.data, "--out", place.at("leak"), "--set", "epochs=1")).code).toBe(
    0,
  );
  expect(tf.memory().numTensors).toBe(before);
});

test("the same seed gives the same bytes, whoever prepares the images", async () => {
  await train(place.config, "--data", place.data, "--out", place.at("again"), "--seed", "3", "--workers", "2");
  const weights = (name: string) => readFile(place.at(name, "checkpoints", "last.safetensors"));
  expect((await weights("again")).equals(await weights("run"))).toBe(true);
});

test("a run is not overwritten, and goes on only as it was begun", async () => {
  const before = await readFile(place.at("run", "checkpoints", "last.safetensors"));
  const again = await train(place.config, "--data", place.data, "--out", place.at("run"));
  expect(again.code).toBe(1);
  expect(again.text).toContain("holds a run already: go on with it by --resume");
  const other = await train(
    place.config,
    "--data",
    place.data,
    "--out",
    place.at("run"),
    "--resume",
    "--seed",
    "4",
    "--set",
    "epochs=9",
  );
  expect(other.code).toBe(1);
  expect(other.text).toContain("was begun otherwise: --seed is 4 now, was 3; --set is epochs=9 now, was nothing");
  expect((await readFile(place.at("run", "checkpoints", "last.safetensors"))).equals(before)).toBe(true);
  const resumed = await train("--out", place.at("run"), "--resume");
  expect(resumed).toMatchObject({ code: 0 });
  expect(resumed.text).toContain("goes on after iteration 4");
});

test("LAD: the teacher is a run, and only one that fits", async () => {
  await writeFile(place.at("lad.config.ts"), tinyLadConfig);
  const lad = (...argv: string[]) =>
    train(place.at("lad.config.ts"), "--data", place.data, "--set", "epochs=1", ...argv);
  const without = await lad("--out", place.at("lad"));
  expect(without).toMatchObject({ code: 1 });
  expect(without.text).toContain("needs the teacher's weights: give --teacher F (a run directory or a file)");
  const taught = await lad("--out", place.at("lad"), "--teacher", place.at("run"));
  expect(taught).toMatchObject({ code: 0 });
  expect(taught.text).toContain(`teacher's weights: ${place.at("run", "checkpoints", "best.safetensors")}`);
  await writeFile(place.at("wide.config.ts"), tinyConfig.replace("baseChannels: 4", "baseChannels: 8"));
  await train(place.at("wide.config.ts"), "--data", place.data, "--out", place.at("wide"), "--set", "epochs=1");
  const misfit = await lad("--out", place.at("misfit"), "--teacher", place.at("wide"));
  expect(misfit.code).toBe(1);
  expect(misfit.text).toMatch(
    /--teacher .*wide[\s\S]*backbone\.conv1\.weight \(network \[4,3,7,7\], checkpoint \[8,3,7,7\]\)/,
  );
});

test("backbone weights: missing ones stop the command, --init reads them, --from-scratch does without", async () => {
  const pretrained = (...argv: string[]) =>
    train(place.config, "--data", place.data, "--set", "pretrained=true", "--set", "epochs=1", ...argv);
  const without = await pretrained("--out", place.at("init"));
  expect(without).toMatchObject({ code: 1 });
  expect(without.text).toContain("needs backbone weights: give --init F");
  expect(without.text).toContain("or --from-scratch");
  const init = await pretrained(
    "--out",
    place.at("init"),
    "--init",
    place.at("run", "checkpoints", "last.safetensors"),
  );
  expect(init).toMatchObject({ code: 0 });
  const scratch = await pretrained("--out", place.at("scratch"), "--from-scratch");
  expect(scratch).toMatchObject({ code: 0 });
  expect(scratch.text).toContain("from scratch: no stage is frozen and batch norms use the statistics of the batch");
  await saveSafetensors(place.at("other.safetensors"), { "conv1.weight": { data: new Float32Array(3), shape: [3] } });
  const wrong = await pretrained("--out", place.at("wrong"), "--init", place.at("other.safetensors"));
  expect(wrong.text).toMatch(
    /--init .*other\.safetensors: [\s\S]*conv1\.weight \(network \[4,3,7,7\], checkpoint \[3\]\)/,
  );
});

test("an output that cannot be written, a data set that is none, a split that is missing", async () => {
  await writeFile(place.at("file"), "");
  const blocked = await train(place.config, "--data", place.data, "--out", place.at("file", "run"));
  expect(blocked).toMatchObject({ code: 1 });
  expect(blocked.text).toContain(`output directory ${place.at("file", "run")} cannot be written`);
  await mkdir(place.at("nothing"));
  const none = await train(place.config, "--data", place.at("nothing"), "--out", place.at("none"));
  expect(none.text).toContain('holds no data set with a split "train"; looked for');
  const split = await train(
    place.config,
    "--data",
    place.data,
    "--out",
    place.at("none"),
    "--set",
    "validation.split=test",
  );
  expect(split.text).toContain(
    "choose another by --set validation.split=NAME, or train without by --set validation.every=0",
  );
  await expect(readdir(place.at("none"))).rejects.toThrow("ENOENT"); // nothing was made
});

test("what is wrong with the call is said before anything else", async () => {
  expect(await train(place.config, "--out", place.at("x"))).toMatchObject({
    code: 2,
    text: expect.stringContaining("--data DIR is missing"),
  });
  expect(await train("--data", place.data, "--out", place.at("x"))).toMatchObject({
    code: 2,
    text: expect.stringContaining("which configuration?"),
  });
  expect(await train(place.config, "--data", place.data, "--out", place.at("x"), "--teacher", "y")).toMatchObject({
    code: 2,
  });
  const key = await train(place.config, "--data", place.data, "--out", place.at("x"), "--set", "epoch=1");
  expect(key).toMatchObject({ code: 1, text: expect.stringContaining('unknown key "epoch"; did you mean "epochs"?') });
  const engine = await run("train", place.config, "--data", place.data, "--out", place.at("x"), "--backend", "wsam");
  expect(engine).toMatchObject({ code: 1, text: expect.stringContaining("wsam") });
});
