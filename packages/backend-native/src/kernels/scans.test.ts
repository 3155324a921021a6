import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const whole = (shape: number[]) => tf.cast(normal(shape, 6, 20), "int32");

nativeSuite("running sums and products", () => {
  it("along any axis, with and without the element itself, in both directions", async () => {
    for (const axis of [0, 1, 2])
      for (const [exclusive, reverse] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const)
        await expectSameAsCpu(() => [
          tf.cumsum(normal([3, 7, 5]), axis, exclusive, reverse),
          tf.cumsum(whole([3, 7, 5]), axis, exclusive, reverse),
          tf.cumprod(normal([3, 7, 5]), axis, exclusive, reverse),
        ]);
    await expectSameAsCpu(() => [tf.cumsum(normal([0, 4]), 1), tf.cumsum(normal([4, 0]), 1), tf.cumsum(normal([1]))]);
  });

  it("has tfjs' gradient", async () => {
    // along the last axis: along others tfjs transposes it wrongly
    await expectSameAsCpu(() => tf.grad((x) => tf.sum(tf.square(tf.cumsum(x, 1))))(normal([4, 5])));
  });

  it("keeps the digits of long sums and shows NaN from there on", () => {
    const last = tf.tidy(() => tf.cumsum(tf.fill([1_000_000], 0.1)).dataSync()[999_999]!);
    expect(Math.abs(last / (1e6 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    const shown = tf.tidy(() => tf.cumsum(tf.tensor1d([1, Number.NaN, 2])).dataSync());
    expect([...shown]).toEqual([1, Number.NaN, Number.NaN]);
  });
});
