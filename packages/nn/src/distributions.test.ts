import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { distinct, noise, onEngines } from "../test/engines";
import { decodeDistances } from "./decode-distances";
import { softmaxExpectation } from "./softmax-expectation";
import { topValues } from "./top-values";

onEngines(() => {
  it("softmaxExpectation is the mean bin, with its gradient, and keeps huge logits", async () => {
    const logits = noise([5, 7]) as tf.Tensor2D;
    const got = await expectNoLeak(() => softmaxExpectation(logits), 1);
    (logits.arraySync() as number[][]).forEach((row, index) => {
      const parts = row.map(Math.exp);
      const total = parts.reduce((sum, part) => sum + part, 0);
      const mean = parts.reduce((sum, part, bin) => sum + (part / total) * bin, 0);
      expect(got.dataSync()[index]).toBeCloseTo(mean, 5);
    });
    expectGradient((x) => softmaxExpectation(x as tf.Tensor2D), [logits]);
    const sure = tf.tensor2d([0, 0, 900, 0, 500, 500, 0, 0], [2, 4]);
    expect([...softmaxExpectation(sure).dataSync()]).toEqual([2, 0.5]);
  });

  it("decodeDistances puts a box around its point, with gradients of both", async () => {
    const points = tf.tensor2d([10, 20, 0, 0], [2, 2]);
    const distances = tf.tensor2d([1, 2, 3, 4, 0, 0.5, 1, 1.5], [2, 4]);
    const got = await expectNoLeak(() => decodeDistances(points, distances), 1);
    expect([...got.dataSync()]).toEqual([9, 18, 13, 24, 0, -0.5, 1, 1.5]);
    expectGradient((p, d) => decodeDistances(p as tf.Tensor2D, d as tf.Tensor2D), [noise([3, 2]), noise([3, 4])]);
  });

  it("topValues sorts descending and sends its gradient where the values came from", async () => {
    const x = tf.tensor2d([3, 1, 2, 5, 5, 4], [2, 3]);
    const got = await expectNoLeak(() => topValues(x, 2), 1);
    expect(got.arraySync()).toEqual([
      [3, 2],
      [5, 5],
    ]);
    const slope = tf.grad((y: tf.Tensor) => tf.sum(tf.mul(topValues(y as tf.Tensor2D, 2), tf.tensor1d([10, 1]))));
    expect(slope(x).arraySync()).toEqual([
      [10, 0, 1],
      [10, 1, 0],
    ]);
    expectGradient((y) => topValues(y as tf.Tensor2D, 3), [distinct([4, 6])]);
  });

  it("no rows: empty values and gradients", () => {
    const none = tf.zeros([0, 4]) as tf.Tensor2D;
    expect(softmaxExpectation(none).shape).toEqual([0]);
    expect(topValues(none, 2).shape).toEqual([0, 2]);
    expect(decodeDistances(tf.zeros([0, 2]), none).shape).toEqual([0, 4]);
    for (const run of [softmaxExpectation, (x: tf.Tensor2D) => topValues(x, 2)]) {
      expect(tf.grad((x: tf.Tensor) => tf.sum(run(x as tf.Tensor2D)))(none).shape).toEqual([0, 4]);
    }
  });

  it("refuses ranks, counts and shapes that do not fit", () => {
    const flat = tf.zeros([3]) as tf.Tensor as tf.Tensor2D;
    expect(() => softmaxExpectation(flat)).toThrow("softmaxExpectation: logits must be [N, bins], got shape [3]");
    expect(() => topValues(flat, 1)).toThrow("topValues: x must be [N, K], got shape [3]");
    expect(() => topValues(tf.zeros([2, 3]), 4)).toThrow("k must be an integer in [1, 3], got 4");
    expect(() => decodeDistances(tf.zeros([2, 2]), tf.zeros([3, 4]))).toThrow(
      "points [2,2] and distances [3,4] must be [N, 2] and [N, 4]",
    );
  });
});
