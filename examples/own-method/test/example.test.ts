import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lad } from "@lad/cli";
import { drawnShapes } from "@lad/data";
import { afterAll, beforeAll, expect, test } from "vitest";

const lines: string[] = [];
const write = (line: string) => void lines.push(line);
const terminal = { out: write, note: write, draw: () => {}, interactive: false, columns: 80 };
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const config = file("../lad.config.ts");

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const run = (...argv: string[]) => lad([...argv, "--backend", "wasm", "--threads", "1"], terminal);
const quick = ["epochs=1", "milestones=[]", "batch=2", 'pipeline.resize={"kind":"fixed","width":64,"height":64}'];
const train = (name: string, out: string, ...argv: string[]) =>
  run("train", name, "--data", at("data"), "--out", at(out), ...quick.flatMap((set) => ["--set", set]), ...argv);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-own-method-"));
  await drawnShapes({ directory: at("data"), seed: 0, images: { train: 2, val: 1 }, side: 112 });
});
afterAll(() => rm(directory, { recursive: true }));

test("the page and the file are one text", async () => {
  const page = await readFile(file("../../../ARCHITECTURE.md"), "utf8");
  expect(page).toContain(await readFile(config, "utf8"));
});

test("from an empty file to a trained net", async () => {
  expect(await train("demo/paa-teacher", "teacher"), lines.join("\n")).toBe(0);
  expect(await train(config, "mine", "--teacher", at("teacher")), lines.join("\n")).toBe(0);
  const { losses } = JSON.parse((await readFile(at("mine", "metrics.jsonl"), "utf8")).split("\n")[0]!);
  expect(Object.keys(losses).sort()).toEqual(["loss_bbox", "loss_cls", "loss_iou", "loss_mimic"]);
  expect(losses.loss_mimic).toBeGreaterThan(0);
  expect(await run("test", at("mine")), lines.join("\n")).toBe(0);
});
