import { writeFile } from "node:fs/promises";
import type { Batch, NdArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { ladError, noiseDataset, pipeline, temporaryFolder } from "../test/helpers";
import type { Pipeline } from "./pipeline";
import { sampleLoader } from "./sample-loader";
import { testBatches } from "./test-batches";
import { type TrainBatchesOptions, trainBatches } from "./train-batches";

const folder = temporaryFolder();
const dataset = await noiseDataset(folder, 10);
const multiScale: Pipeline = { ...pipeline, resize: { kind: "keepRatio", long: 30, short: [10, 20] } };

const batchesOf = (options: Partial<TrainBatchesOptions> = {}) =>
  trainBatches({ dataset, pipeline: multiScale, batchSize: 3, seed: 1, ...options });

async function collect(batches: AsyncIterable<Batch<NdArray>>): Promise<Batch<NdArray>[]> {
  const all: Batch<NdArray>[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const idsOf = (batches: readonly Batch<NdArray>[]) => batches.flatMap(({ ids }) => ids);

describe("trainBatches", () => {
  it("shows every picture once an epoch, in an order of its own", async () => {
    const batches = batchesOf({ dropLast: false });
    expect(batches.iterationsPerEpoch).toBe(4);
    const [first, second] = [await collect(batches.epoch(0)), await collect(batches.epoch(1))];
    expect(first.map(({ ids }) => ids.length)).toEqual([3, 3, 3, 1]);
    expect([...idsOf(first)].sort()).toEqual(dataset.images.map(({ id }) => id));
    expect(idsOf(first)).not.toEqual(idsOf(second));
    expect(idsOf(await collect(batchesOf({ seed: 2 }).epoch(0)))).not.toEqual(idsOf(first));
  });

  it("goes on bit for bit from the middle of an epoch, however much is made ahead", async () => {
    const whole = await collect(batchesOf().epoch(3));
    expect(whole).toHaveLength(3);
    expect(await collect(batchesOf({ ahead: 0 }).epoch(3, 1))).toEqual(whole.slice(1));
    expect(await collect(batchesOf({ cache: true }).epoch(3, 2))).toEqual(whole.slice(2));
    expect(await collect(batchesOf().epoch(3, 3))).toEqual([]);
  });

  it.each([
    ["resized", pipeline, 2 ** 20],
    ["decoded", multiScale, 2 ** 20],
    ["the first few", multiScale, 500],
  ])("gives the same batches with pictures kept in memory: %s", async (_, chosen, cacheBytes) => {
    const plain = batchesOf({ pipeline: chosen });
    const cached = batchesOf({ pipeline: chosen, cache: true, cacheBytes });
    for (const epoch of [0, 1, 2]) {
      expect(await collect(cached.epoch(epoch))).toEqual(await collect(plain.epoch(epoch)));
    }
  });

  it("keeps upright and wide pictures apart when asked", async () => {
    const batches = batchesOf({ groupByOrientation: true, batchSize: 2, dropLast: false });
    const isWide = new Map(dataset.images.map(({ id, width, height }) => [id, width > height]));
    const all = await collect(batches.epoch(0));
    expect(all).toHaveLength(batches.iterationsPerEpoch);
    expect(idsOf(all)).toHaveLength(10);
    for (const { ids } of all) expect(new Set(ids.map((id) => isWide.get(id))).size).toBe(1);
  });

  it("passes the work to another loader as plain data", async () => {
    const calls: unknown[] = [];
    const own = sampleLoader();
    const batches = batchesOf({
      batchSize: 10,
      loadSample: (image, chosen, seeds) => {
        calls.push(structuredClone([image.id, seeds]));
        return own(image, chosen, seeds);
      },
    });
    const ids = idsOf(await collect(batches.epoch(4)));
    expect(calls).toEqual(ids.map((id) => [id, [1, 4, Number(id)]]));
  });

  it("brings a broken picture up when its turn comes", async () => {
    const broken = await noiseDataset(temporaryFolder(), 4);
    await writeFile(broken.images[2]!.file, "broken");
    const seen: string[] = [];
    const error = await ladError(async () => {
      for await (const { ids } of batchesOf({ dataset: broken, batchSize: 1, ahead: 3 }).epoch(0)) seen.push(...ids);
    });
    expect(error).toMatchObject({ code: "INVALID_FILE", message: expect.stringContaining(broken.images[2]!.file) });
    const order = idsOf(
      await collect(batchesOf({ dataset: await noiseDataset(temporaryFolder(), 4), batchSize: 1 }).epoch(0)),
    );
    expect(seen).toEqual(order.slice(0, order.indexOf("2")));
  });

  it("refuses sizes that leave nothing to train on", async () => {
    const messageOf = async (options: Partial<TrainBatchesOptions>) =>
      (await ladError(() => batchesOf(options))).message;
    expect(await messageOf({ batchSize: 0 })).toBe("trainBatches: batchSize must be a whole number >= 1, got 0");
    expect(await messageOf({ dataset: { ...dataset, images: [] } })).toBe(
      "trainBatches: noise has 0 images for batches of 3",
    );
    expect(await messageOf({ batchSize: 11 })).toContain(
      "has 10 images for batches of 11: fewer than a batch, and dropLast",
    );
    expect((await ladError(() => batchesOf().epoch(0, 4))).message).toBe(
      "trainBatches: epoch 0 has iterations 0 to 3, got from = 4",
    );
  });
});

describe("testBatches", () => {
  it("shows all pictures in order, unflipped, as often as wanted", async () => {
    const batches = testBatches({ dataset, pipeline: { ...pipeline, flip: 1 }, batchSize: 4 });
    expect(batches.iterations).toBe(3);
    const first = await collect(batches);
    expect(first.map(({ ids }) => ids)).toEqual([
      ["0", "1", "2", "3"],
      ["4", "5", "6", "7"],
      ["8", "9"],
    ]);
    expect(first.flatMap(({ sizes }) => sizes).some(({ flipped }) => flipped)).toBe(false);
    expect(await collect(batches)).toEqual(first);
    expect(await collect(testBatches({ dataset: { ...dataset, images: [] }, pipeline, batchSize: 4 }))).toEqual([]);
  });

  it("refuses a batch size of 0", async () => {
    expect((await ladError(() => testBatches({ dataset, pipeline, batchSize: 0 }))).message).toContain(
      "testBatches: batchSize",
    );
  });
});
