import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

nativeSuite("reductions", () => {
  const axes: (number[] | undefined)[] = [undefined, [0], [3], [0, 1], [1, 2], [0, 1, 2], [0, 2], [1, 3], [0, 3]];
  it.each(Object.entries({ sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min }))(
    "%s over any axes",
    async (_, f) => {
      for (const axis of axes)
        for (const keep of [false, true]) await expectSameAsCpu(() => f(normal([4, 5, 3, 70]), axis, keep));
      await expectSameAsCpu(() => [f(normal([])), f(normal([1])), f(normal([33, 1]), 0), f(normal([1, 33]), 0)]);
    },
  );

  it("sums nothing to 0", async () => {
    await expectSameAsCpu(() => [tf.sum(normal([0, 3]), 0), tf.sum(normal([3, 0])), tf.sum(normal([3, 0]), 0)]);
  });

  it("keeps the digits of long sums", () => {
    const values = new Float32Array(3_000_000).fill(0.1);
    const [sum, columns] = tf.tidy(() => [
      tf.sum(tf.tensor1d(values)).dataSync()[0]!,
      tf.sum(tf.tensor2d(values, [1_000_000, 3]), 0).dataSync(),
    ]);
    expect(Math.abs(sum / (3e6 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    for (const column of columns) expect(Math.abs(column / (1e6 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
  });

  it("takes sums and extremes through infinities as floats do", async () => {
    await expectSameAsCpu(() => {
      const x = tf.tensor2d([1, Infinity, -Infinity, 2, -Infinity, 3], [2, 3]);
      return [tf.sum(x, 0), tf.sum(x, 1), tf.max(x, 0), tf.min(x, 1), tf.sum(x)];
    });
  });

  const truth = (shape: number[]) => tf.greater(normal(shape, 5), 0.5);
  const whole = (shape: number[]) => tf.cast(normal(shape, 6, 20), "int32");
  it("products, extremes of integers, any and all over any axes", async () => {
    for (const axis of axes)
      for (const keep of [false, true])
        await expectSameAsCpu(() => [
          tf.prod(normal([2, 3, 2, 5]), axis, keep),
          tf.sum(whole([4, 2, 3, 5]), axis, keep),
          tf.max(whole([4, 2, 3, 5]), axis, keep),
          tf.min(whole([4, 2, 3, 5]), axis, keep),
          tf.any(truth([4, 2, 3, 2]), axis, keep),
          tf.all(truth([4, 1, 2, 2]), axis, keep),
          tf.sum(truth([4, 1, 2, 2]), axis, keep),
        ]);
    await expectSameAsCpu(() => [
      tf.prod(normal([0, 3]), 0),
      tf.prod(normal([])),
      tf.any(truth([3, 0]), 0),
      tf.any(truth([])),
    ]);
  });

  it("finds extremes, the first of equals", async () => {
    for (const axis of [0, 1, 2, -1])
      await expectSameAsCpu(() => [tf.argMax(normal([3, 4, 70]), axis), tf.argMin(normal([3, 4, 70]), axis)]);
    await expectSameAsCpu(() => [
      tf.argMax(tf.tensor1d([1, 3, 3, 2])),
      tf.argMin(tf.tensor1d([1, 3, 1, 2])),
      tf.argMax(tf.tensor1d([-Infinity, -Infinity])),
      tf.argMax(normal([0, 4]), 1),
      tf.argMax(normal([200, 300]), 0),
    ]);
    const shown = tf.tidy(() => tf.argMax(tf.tensor1d([1, Number.NaN, 5, Number.NaN])).dataSync()[0]);
    expect(shown).toBe(1);
  });

  it("shows NaN in products", () => {
    expect(tf.tidy(() => tf.prod(tf.tensor1d([0, Number.NaN, 2])).dataSync()[0])).toBeNaN();
  });
});
