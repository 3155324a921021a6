import { fileURLToPath } from "node:url";
import { LadError } from "@lad/core";
import type { Tinypool } from "tinypool";
import { keptPictures } from "./kept-pictures";
import { type LoadSample, type SampleLoaderOptions, sampleLoader } from "./sample-loader";
import type { SampleAnswer, SampleTask } from "./sample-worker";

export type SamplePoolOptions = SampleLoaderOptions & {
  /** Threads that decode and prepare; 0: none, all is done in this one. */
  readonly workers: number;
};

export type SamplePool = {
  /** For `trainBatches` and `testBatches`. Same samples, bit for bit, whatever the number of workers. */
  readonly loadSample: LoadSample;
  /** Waits for the samples in the making and ends the threads; afterwards `loadSample` rejects. */
  close(): Promise<void>;
};

/**
 * Makes samples in worker threads, started with the first sample. Kept pictures lie once in memory that all of them share.
 * @throws {LadError} INVALID_ARGUMENT: `workers` is not a whole number ≥ 0.
 */
export function samplePool({ workers, ...cacheOptions }: SamplePoolOptions): SamplePool {
  if (!(Number.isInteger(workers) && workers >= 0))
    throw new LadError("INVALID_ARGUMENT", `samplePool: workers must be a whole number >= 0, got ${workers}`);
  if (workers === 0) return { loadSample: sampleLoader(cacheOptions), close: async () => undefined };
  const kept = keptPictures(cacheOptions);
  const pending = new Set<Promise<unknown>>();
  let pool: Promise<Tinypool> | undefined;
  let closed = false;
  const ask = async (task: SampleTask): Promise<SampleAnswer> => {
    pool ??= startPool(workers);
    return (await pool).run(task);
  };
  return {
    async loadSample(image, pipeline, seeds) {
      if (closed) throw new LadError("INVALID_ARGUMENT", "samplePool: the pool is closed");
      const picture = kept.get(image.file);
      const keep = !picture && kept.wants(image.file);
      const asked = ask({ request: kept.request(image, pipeline, seeds), picture, keep });
      pending.add(asked);
      const answer = await asked.finally(() => pending.delete(asked));
      if ("error" in answer) throw new LadError(answer.error.code, answer.error.message);
      if (answer.picture) kept.add(image.file, answer.picture);
      return answer.sample;
    },
    async close() {
      closed = true;
      await Promise.allSettled(pending); // a thread ended in the middle of decoding would leave libvips behind
      await (await pool)?.destroy();
    },
  };
}

async function startPool(workers: number): Promise<Tinypool> {
  const { Tinypool } = await import("tinypool");
  return new Tinypool({
    filename: workerProgram(import.meta.url),
    name: "answerTask",
    minThreads: workers,
    maxThreads: workers,
    // all that is asked for goes out at once: while a step keeps the main thread busy, nobody hands out work
    concurrentTasksPerWorker: Number.POSITIVE_INFINITY,
  });
}

/** Built, it lies beside this file; on sources (in tests) a script loads it through a compiler. */
function workerProgram(here: string): string {
  const place = here.endsWith(".ts") ? "../test/sample-worker-from-source.mjs" : "./sample-worker.js";
  return fileURLToPath(new URL(place, here));
}
