import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lad } from "@lad/cli";
import { drawnShapes } from "@lad/data";
import { afterAll, beforeAll, expect, test } from "vitest";

const config = (name: string) => fileURLToPath(new URL(`../${name}.config.ts`, import.meta.url));
const notes: string[] = [];
const terminal = {
  out: () => {},
  note: (line: string) => void notes.push(line),
  draw: () => {},
  interactive: false,
  columns: 80,
};

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-example-"));
  await drawnShapes({ directory: at("data"), seed: 0, images: { train: 2, val: 1 }, side: 112 });
});
afterAll(() => rm(directory, { recursive: true }));

async function run(...argv: string[]): Promise<void> {
  expect(await lad(argv, terminal), notes.join("\n")).toBe(0);
}

test("teacher, student, pictures", async () => {
  const quick = ["epochs=1", "milestones=[]", "batch=2", "pipeline.resize.long=64", "pipeline.resize.short=64"].flatMap(
    (set) => ["--set", set],
  );
  const engine = ["--backend", "wasm", "--threads", "1"];
  await run("train", config("teacher"), "--data", at("data"), "--out", at("teacher"), ...quick, ...engine);
  await run(
    "train",
    config("student"),
    "--data",
    at("data"),
    "--teacher",
    at("teacher"),
    "--out",
    at("student"),
    ...quick,
    ...engine,
  );
  await run("test", at("student"), ...engine);
  const image = at("data", "images", "val_00001.png");
  await run("detect", image, "--checkpoint", at("student"), "--out", at("pictures"), ...engine);
  expect(await readdir(at("pictures"))).toEqual(["val_00001.png"]);
});
