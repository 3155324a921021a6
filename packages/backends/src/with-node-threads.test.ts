import os from "node:os";
import { Worker } from "node:worker_threads";
import { ndArray } from "@lad/core";
import { expectClose } from "@lad/testing";
import { getThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { normal } from "../test/compare-with-cpu";
import { useBackend } from "./use-backend";
import { withNodeThreads } from "./with-node-threads";

const compute = () =>
  tf.tidy(() => {
    const convolve = (filter: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(normal([2, 24, 24, 16]) as tf.Tensor4D, filter as tf.Tensor4D, 1, "same")));
    return tf
      .grad(convolve)(normal([3, 3, 16, 24], 2))
      .dataSync();
  });

it("runs wasm on several threads in Node, with the numbers of one, and puts everything back", async () => {
  const cores = os.cpus().length;
  await useBackend("wasm", { threads: 3 });
  expect(getThreadsCount()).toBe(3);
  expect(os.cpus()).toHaveLength(cores);
  expect((await import("node:worker_threads")).Worker).toBe(Worker);
  expect("Worker" in globalThis).toBe(false);
  const [first, second] = [compute(), compute()];
  expect(second).toEqual(first);
  await useBackend("cpu");
  const expected = compute();
  const shape = [expected.length];
  expectClose(ndArray(first, shape), ndArray(expected, shape), { absolute: 1e-4 * Math.max(...expected) });
});

it("reports a start that throws as false", async () => {
  expect(await withNodeThreads(2, () => Promise.reject(new Error("no")))).toBe(false);
  expect(await withNodeThreads(2, async () => false)).toBe(false);
});
