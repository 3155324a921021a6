import { LadError } from "@lad/core";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectValues, noise, onEngines } from "../test/engines";
import { decoupledImitationLoss } from "./decoupled-imitation-loss";
import { imitationLoss } from "./imitation-loss";

const maps = (seed: number) => tf.reshape(noise(12, 2, seed), [1, 3, 4, 2]) as tf.Tensor4D;
const mask = Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1);

onEngines(() => {
  it("imitationLoss is the mean squared difference, with its gradient for the student alone", async () => {
    const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([0, 2, 5, 4], [2, 2])];
    expectValues(await expectNoLeak(() => imitationLoss(a, b), 1), [5 / 4]);
    expectGradient((x) => imitationLoss(x as tf.Tensor2D, noise(5, 3, 2)), [noise(5, 3)]);
    expectValues(tf.grad((x: tf.Tensor) => imitationLoss(x as tf.Tensor2D, b))(a), [0.5, 0, -1, 0]);
    const none = tf.zeros([0, 3]) as tf.Tensor2D;
    expectValues(imitationLoss(none, none), [0]);
    expect(tf.grad((x: tf.Tensor) => imitationLoss(x as tf.Tensor2D, none))(none).shape).toEqual([0, 3]);
  });

  it("decoupledImitationLoss divides objects and background by their own counts", async () => {
    const [a, b] = [maps(1), maps(2)];
    const squares = tf.square(tf.sub(a, b)).dataSync();
    const sums = [0, 0];
    squares.forEach((value, index) => {
      sums[mask[index >> 1]! === 1 ? 0 : 1]! += value;
    });
    const { foreground, background } = await expectNoLeak(() => decoupledImitationLoss(a, b, mask), 2);
    expectValues(foreground, [sums[0]! / (2 * 5 * 2)]);
    expectValues(background, [sums[1]! / (2 * 7 * 2)]);
    const both = (x: tf.Tensor) => {
      const parts = decoupledImitationLoss(x as tf.Tensor4D, b, mask);
      return tf.add(tf.mul(parts.foreground, 3), tf.mul(parts.background, 12));
    };
    expectGradient(both, [a]);
  });

  it("decoupledImitationLoss of a level without objects, or all objects, is finite", () => {
    for (const value of [0, 1]) {
      const parts = decoupledImitationLoss(maps(1), maps(2), new Float32Array(12).fill(value));
      expectValues(value === 0 ? parts.foreground : parts.background, [0]);
      expect(Number.isFinite(parts.background.dataSync()[0]!)).toBe(true);
    }
  });

  it("imitation losses refuse maps and masks that differ", () => {
    expect(() => imitationLoss(noise(2, 3), noise(3, 3))).toThrow(
      "student [2,3] and teacher [3,3] must have the same shape",
    );
    try {
      decoupledImitationLoss(maps(1), maps(2), new Float32Array(3));
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      expect(String(error)).toContain("mask must have 12 cells for maps [1,3,4,2], got 3");
    }
  });
});
