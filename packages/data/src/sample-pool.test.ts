import { writeFile } from "node:fs/promises";
import type { Worker } from "node:worker_threads";
import type { Batch, NdArray } from "@lad/core";
import { afterEach, describe, expect, it } from "vitest";
import { ladError, noiseDataset, pipeline, temporaryFolder } from "../test/helpers";
import { type SamplePool, type SamplePoolOptions, samplePool } from "./sample-pool";
import { testBatches } from "./test-batches";
import { trainBatches } from "./train-batches";

const dataset = await noiseDataset(temporaryFolder(), 7);
const multiScale = { ...pipeline, resize: { kind: "keepRatio", long: 30, short: [10, 20] } } as const;

const pools: SamplePool[] = [];
const open = (options: SamplePoolOptions) => {
  pools.push(samplePool(options));
  return pools.at(-1)!;
};
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

async function collect(batches: AsyncIterable<Batch<NdArray>>): Promise<Batch<NdArray>[]> {
  const all: Batch<NdArray>[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe("samplePool", () => {
  it.each([
    ["nothing kept", multiScale, {}],
    ["pictures kept as decoded", multiScale, { cache: true }],
    ["pictures kept resized", pipeline, { cache: true }],
    ["the first few kept", multiScale, { cache: true, cacheBytes: 500 }],
  ])(
    "gives the same batches bit for bit as one thread, from the middle of an epoch too: %s",
    async (_, chosen, cache) => {
      const common = { dataset, pipeline: chosen, batchSize: 2, seed: 3 };
      const alone = trainBatches(common);
      const pooled = trainBatches({ ...common, loadSample: open({ workers: 2, ...cache }).loadSample });
      for (const epoch of [0, 1, 2])
        expect(await collect(pooled.epoch(epoch))).toEqual(await collect(alone.epoch(epoch)));
      expect(await collect(pooled.epoch(1, 2))).toEqual((await collect(alone.epoch(1))).slice(2));
    },
  );

  it("serves test batches and runs in this thread without workers", async () => {
    const common = { dataset, pipeline, batchSize: 3 };
    const expected = await collect(testBatches(common));
    for (const workers of [0, 1])
      expect(await collect(testBatches({ ...common, loadSample: open({ workers }).loadSample }))).toEqual(expected);
  });

  it("reads a kept picture once", async () => {
    const own = await noiseDataset(temporaryFolder(), 1);
    const image = own.images[0]!;
    const { loadSample } = open({ workers: 1, cache: true });
    const before = await loadSample(image, pipeline, [1]);
    await writeFile(image.file, "gone");
    expect(await loadSample(image, pipeline, [1])).toEqual(before);
  });

  it("passes errors on with their codes, and goes on", async () => {
    const broken = await noiseDataset(temporaryFolder(), 2);
    await writeFile(broken.images[0]!.file, "broken");
    const { loadSample } = open({ workers: 1 });
    const failure = await ladError(() => loadSample(broken.images[0]!, pipeline, undefined));
    expect(failure).toMatchObject({ code: "INVALID_FILE", message: expect.stringContaining(broken.images[0]!.file) });
    expect(await loadSample(broken.images[1]!, pipeline, undefined)).toHaveProperty("id", "1");
  });

  it("ends its threads when closed, in the middle of an epoch too", async () => {
    const threads: Worker[] = [];
    const note = (worker: Worker) => threads.push(worker);
    process.on("worker", note);
    const pool = open({ workers: 2 });
    const batches = trainBatches({ dataset, pipeline, batchSize: 2, seed: 0, loadSample: pool.loadSample });
    for await (const _ of batches.epoch(0)) break;
    process.off("worker", note);
    const isRunning = ({ threadId }: Worker) => threadId !== -1;
    expect(threads.filter(isRunning)).toHaveLength(2);
    await pool.close();
    await pool.close();
    expect(threads.filter(isRunning)).toEqual([]);
    expect((await ladError(() => pool.loadSample(dataset.images[0]!, pipeline, undefined))).message).toBe(
      "samplePool: the pool is closed",
    );
  });

  it("refuses numbers of workers that are none", async () => {
    for (const workers of [-1, 1.5, Number.NaN])
      expect(await ladError(() => samplePool({ workers }))).toMatchObject({
        code: "INVALID_ARGUMENT",
        message: `samplePool: workers must be a whole number >= 0, got ${workers}`,
      });
  });
});
