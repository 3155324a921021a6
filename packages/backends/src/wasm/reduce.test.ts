import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

beforeAll(() => useBackend("wasm"));

const shapes: [number[], number[] | undefined][] = [
  [[37], undefined],
  [[], undefined],
  [[3, 4, 5], [0]],
  [[3, 4, 5], [1]],
  [[3, 4, 5], [2]],
  [
    [3, 4, 5],
    [0, 2],
  ],
  [
    [9, 4, 5],
    [0, 1],
  ],
  [
    [2, 3, 4, 5],
    [1, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, 3],
  ],
  [[3, 1, 5], [1]],
  [[1, 1], [0]],
  [[0, 4], [0]],
  [[0, 4], [1]],
  [[4, 0], [1]],
];

describe("reductions", () => {
  for (const [name, reduce] of Object.entries({
    sum: tf.sum,
    mean: tf.mean,
    max: tf.max,
    min: tf.min,
    prod: tf.prod,
  })) {
    it.each(shapes)(`${name} of [%s] over %s`, async (shape, axes) => {
      await expectAsOnCpu(() => reduce(normal(shape), axes));
      await expectAsOnCpu(() => reduce(normal(shape), axes, true));
    });
  }

  it("sums and averages integers and booleans as the cpu engine does", async () => {
    await expectAsOnCpu(() => tf.sum(tf.tensor2d([[1, 2], [3, -7]], [2, 2], "int32"), 0)); // biome-ignore format: a matrix
    await expectAsOnCpu(() => tf.mean(tf.tensor1d([1, 2, 4], "int32")));
    await expectAsOnCpu(() => tf.sum(tf.tensor1d([1, 0, 1], "bool")));
    await expectAsOnCpu(() => tf.sum(tf.tensor2d([], [0, 3], "int32"), 0));
  });

  it("keeps long sums to 1e-7 of their value", () => {
    const values = Float32Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 1000) / 1000 + 0.001);
    const exact = values.reduce((sum, value) => sum + value, 0);
    const [all, column, mean] = tf.tidy(() => {
      const x = tf.tensor1d(values);
      const folded = tf.sum(tf.reshape(x, [-1, 2]), 0);
      return [tf.sum(x).dataSync()[0]!, tf.sum(folded).dataSync()[0]!, tf.mean(x).dataSync()[0]!];
    });
    for (const got of [all, column, mean! * values.length]) expect(Math.abs(got! - exact) / exact).toBeLessThan(1.5e-7);
  });

  it("shows a NaN", () => {
    const [sum, max] = tf.tidy(() => {
      const x = tf.tensor1d([1, Number.NaN, 2]);
      return [tf.sum(x).dataSync()[0], tf.max(x).dataSync()[0]];
    });
    expect([sum, max]).toEqual([Number.NaN, Number.NaN]);
  });

  it("have the gradients of central differences", () => {
    const x = normal([2, 3, 4]);
    expectGradient((a) => tf.mean(a, [0, 1]), [x]);
    expectGradient((a) => tf.sum(tf.square(a), [0, 2]), [x]);
    x.dispose();
  });
});
