import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lad } from "@lad/cli";
import { drawnShapes } from "@lad/data";
import { afterAll, beforeAll, expect, test } from "vitest";

const config = fileURLToPath(new URL("../colad.config.ts", import.meta.url));
const lines: string[] = [];
const write = (line: string) => void lines.push(line);
const terminal = { out: write, note: write, draw: () => {}, interactive: false, columns: 80 };
const engine = ["--backend", "wasm", "--threads", "1"];

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-colad-"));
  await drawnShapes({ directory: at("data"), seed: 0, images: { train: 2, val: 1 }, side: 112 });
});
afterAll(() => rm(directory, { recursive: true }));

test("two networks train, both are tested, and what they assign is drawn", async () => {
  const quick = ["epochs=1", "milestones=[]", "batch=2", "pipeline.resize.long=64", "pipeline.resize.short=64"];
  const set = quick.flatMap((setting) => ["--set", setting]);
  const run = async (...argv: string[]) => expect(await lad([...argv, ...engine], terminal), lines.join("\n")).toBe(0);
  await run("train", config, "--data", at("data"), "--out", at("run"), ...set);
  expect(lines.join("\n")).toMatch(/epoch 1: the student assigned [\d.]+ %, the teacher [\d.]+ %/);
  const { losses } = JSON.parse((await readFile(at("run", "metrics.jsonl"), "utf8")).split("\n")[0]!);
  expect(losses).toMatchObject({ loss_cls: expect.any(Number), loss_cls_t: expect.any(Number) });
  await run("test", at("run"));
  await run("test", at("run"), "--network", "teacher");
  await run("assignments", at("run"));
  expect(await readdir(at("run", "report", "assignments"))).toContain("assignments.html");
});
