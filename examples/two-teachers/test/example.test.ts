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
const engine = ["--backend", "wasm", "--threads", "1"];
const quick = ["epochs=1", "milestones=[]", "batch=2", 'pipeline.resize={"kind":"fixed","width":64,"height":64}'];

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const config = (name: string) => fileURLToPath(new URL(`../${name}.config.ts`, import.meta.url));
const train = (name: string, ...argv: string[]) =>
  lad(
    [
      ...["train", config(name), "--data", at("data"), "--out", at(name), ...argv],
      ...[...quick.flatMap((setting) => ["--set", setting]), ...engine],
    ],
    terminal,
  );

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-two-teachers-"));
  await drawnShapes({ directory: at("data"), seed: 0, images: { train: 2, val: 1 }, side: 112 });
});
afterAll(() => rm(directory, { recursive: true }));

test("both teachers are wanted, and both teach", async () => {
  for (const name of ["gfl", "paa"]) expect(await train(name), lines.join("\n")).toBe(0);
  expect(await train("student", "--teacher", at("gfl"))).toBe(1);
  expect(lines.join("\n")).toContain("needs the labeller's weights: give --labeller F");
  expect(await train("student", "--teacher", at("gfl"), "--labeller", at("paa")), lines.join("\n")).toBe(0);
  const { losses } = JSON.parse((await readFile(at("student", "metrics.jsonl"), "utf8")).split("\n")[0]!);
  expect(Object.keys(losses).sort()).toEqual(["loss_bbox", "loss_cls", "loss_dfl", "loss_ld"]);
  expect(Object.values(losses).every(Number.isFinite)).toBe(true);
  for (const network of ["teacher", "labeller"])
    expect(await lad(["test", at("student"), "--network", network, ...engine], terminal), lines.join("\n")).toBe(0);
});
