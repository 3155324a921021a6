import { readFile } from "node:fs/promises";
import { loadSafetensors } from "@lad/checkpoints";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, type TinyWorkplace, tinyWorkplace } from "./tiny";
import { trainingEngines } from "./training-engines";

let place: TinyWorkplace;
beforeAll(async () => {
  place = await tinyWorkplace();
});
afterAll(() => place.remove());

type Step = { readonly losses: Readonly<Record<string, number>> };

/** Trains two epochs and returns what was logged and what was learned. */
async function trained(name: string, engine: string, threads: number) {
  const out = place.at(name);
  const engineArguments = ["--backend", engine, "--threads", String(threads)];
  const { code, text } = await run("train", place.config, "--data", place.data, "--out", out, ...engineArguments);
  if (code !== 0) throw new Error(text);
  const log = await readFile(`${out}/metrics.jsonl`, "utf8");
  const steps = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Step);
  const weights = await loadSafetensors(`${out}/checkpoints/last.safetensors`);
  return { losses: steps.map(({ losses }) => losses), weights };
}

describe.each(await trainingEngines())("training on %s", (engine) => {
  it("is the same bit for bit when seed and threads are the same", async () => {
    const [first, second] = [await trained(`${engine}-a`, engine, 1), await trained(`${engine}-b`, engine, 1)];
    expect(first.losses.length).toBe(4);
    expect(second).toEqual(first);
  });

  it("begins with the same losses on one and on two threads", async () => {
    const [one, two] = [await trained(`${engine}-1`, engine, 1), await trained(`${engine}-2`, engine, 2)];
    for (const [name, value] of Object.entries(one.losses[0]!))
      expect(Math.abs(two.losses[0]![name]! - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value));
  });
});
