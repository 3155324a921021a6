import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

nativeSuite("softmax", () => {
  it("is the plain one's, with logSoftmax and both gradients", async () => {
    for (const shape of [[5], [3, 17], [2, 3, 80], [40, 1], [2, 2000], [0, 4], [1000, 17]]) {
      await expectSameAsCpu(() => [tf.softmax(normal(shape, 1, 3)), tf.logSoftmax(normal(shape, 1, 3))]);
      if (shape.includes(0)) continue;
      const weighed = (f: (x: tf.Tensor) => tf.Tensor) => () =>
        tf.grad((x) => tf.sum(tf.mul(f(x), normal(shape, 2))))(normal(shape, 1, 3));
      await expectSameAsCpu(weighed((x) => tf.softmax(x)));
      await expectSameAsCpu(
        weighed((x) => tf.logSoftmax(x)),
        { absolute: 1e-4 },
      );
    }
  });

  it("is exact for large numbers and sums to 1 over long rows", () => {
    tf.tidy(() => {
      expect([...tf.softmax(tf.tensor1d([1e30, 1e30, -1e30, -Infinity])).dataSync()]).toEqual([0.5, 0.5, 0, 0]);
      const long = tf.softmax(normal([1_000_000])).dataSync() as Float32Array;
      expect(Math.abs(long.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-5);
    });
  });

  it("shows NaN in its own row only", () => {
    const rows = tf.tidy(() => tf.softmax(tf.tensor2d([1, Number.NaN, 2, 0, 0, 0], [2, 3])).dataSync());
    expect([...rows].map(Number.isNaN)).toEqual([true, true, true, false, false, false]);
  });

  it("refuses another axis", () => {
    const logits = normal([2, 3]);
    expect(() => tf.engine().runKernel("Softmax", { logits }, { dim: 0 })).toThrow(
      "wanted the last axis of logits [2,3], got 0",
    );
    logits.dispose();
  });
});
