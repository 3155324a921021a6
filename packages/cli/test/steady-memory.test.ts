import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { trainingEngines } from "./training-engines";

type Sample = { readonly rss: number; readonly tensors: number };

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

// LAD steps in a process of their own (the built packages), garbage collected before every sample
it.each(await trainingEngines())(
  "neither memory nor tensors grow over 300 demo steps on %s",
  {
    timeout: 400_000,
  },
  async (engine) => {
    const program = fileURLToPath(new URL("./steady-memory.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, "300", engine], {
      maxBuffer: 2 ** 24,
    });
    const samples = JSON.parse(stdout) as Sample[];
    expect(samples).toHaveLength(300);
    const third = (index: number) => samples.slice(index * 100, (index + 1) * 100);
    expect(new Set(samples.slice(1).map(({ tensors }) => tensors)).size).toBe(1);
    const [middle, last] = [1, 2].map((index) => median(third(index).map(({ rss }) => rss)));
    expect(last! / middle!).toBeLessThanOrEqual(1.02);
  },
);
