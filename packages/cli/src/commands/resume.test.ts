import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { random } from "@lad/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TinyWorkplace, tinyWorkplace } from "../../test/tiny";

const program = fileURLToPath(new URL("../../test/run-from-source.mjs", import.meta.url));
const kills = 3;
const iterations = 12;

let place: TinyWorkplace;
beforeAll(async () => {
  place = await tinyWorkplace();
});
afterAll(() => place.remove());

const settings = () => [
  place.config,
  "--data",
  place.data,
  "--seed",
  "5",
  "--set",
  "epochs=6",
  "--set",
  "validation.every=2",
];

function start(out: string): ChildProcess {
  return spawn(
    process.execPath,
    [
      program,
      "train",
      ...settings(),
      "--out",
      out,
      "--resume",
      "--backend",
      "wasm",
      "--threads",
      "1",
      "--workers",
      "2",
    ],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

/** Lines that a run has logged so far; a kill may leave a part of one. */
async function logged(out: string): Promise<number> {
  const text = await readFile(`${out}/metrics.jsonl`, "utf8").catch(() => "");
  return text.split("\n").length - 1;
}

/** Kills the process once it has logged `count` iterations, some ms later: anywhere in a step, a checkpoint, a validation. */
async function killAfter(child: ChildProcess, out: string, count: number, delayMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while (child.exitCode === null && (await logged(out)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill("SIGKILL");
  await ended;
  expect(await logged(out), "iterations of a process that was to be killed").toBeGreaterThanOrEqual(count);
}

test(`killed ${kills} times at random moments and resumed, a run ends with the bytes of an undisturbed one`, async () => {
  const undisturbed = await run(
    "train",
    ...settings(),
    "--out",
    place.at("whole"),
    "--backend",
    "wasm",
    "--threads",
    "1",
  );
  expect(undisturbed.code).toBe(0);
  const seed = Date.now();
  const { integer } = random(seed);
  const out = place.at("killed");
  const moments: string[] = [`seed ${seed}`];
  for (let kill = 0; kill < kills; kill++) {
    const count = 1 + kill * 4 + integer(3);
    const delayMs = integer(60);
    moments.push(`after ${count} + ${delayMs} ms`);
    await killAfter(start(out), out, count, delayMs);
  }
  const finished = await run("train", ...settings(), "--out", out, "--resume", "--backend", "wasm", "--threads", "1");
  expect(finished.code, finished.text).toBe(0);
  for (const name of ["last.safetensors", "best.safetensors", "last.state.safetensors"]) {
    const [whole, killed] = await Promise.all(
      ["whole", "killed"].map((directory) => readFile(place.at(directory, "checkpoints", name))),
    );
    expect(killed!.equals(whole!), `${name}, killed ${moments.join(", ")}`).toBe(true);
  }
  expect(await logged(out)).toBe(iterations);
}, 120_000);
