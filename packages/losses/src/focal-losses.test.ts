import { LadError } from "@lad/core";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectValues, fractions, noise, onEngines } from "../test/engines";
import { probabilityFocalLoss } from "./probability-focal-loss";
import { sigmoidFocalLoss } from "./sigmoid-focal-loss";

const labels = Int32Array.of(1, 3, 0, -1, 7); // 3 classes: rows 1, 3, 4 are background
const weights = Float32Array.of(1, 0.5, 2, 0, 1);

/** The formula, in double precision. */
function reference(probabilities: ArrayLike<number>, alpha: number, gamma: number, rows?: Float32Array): number[] {
  return Array.from(probabilities, (p, index) => {
    const row = Math.floor(index / 3);
    const right = labels[row] === index % 3;
    const [hit, balance] = right ? [p, alpha] : [1 - p, 1 - alpha];
    return (rows ? rows[row]! : 1) * balance * (1 - hit) ** gamma * -Math.max(Math.log(hit), -100);
  });
}

onEngines(() => {
  it.each([
    { alpha: 0.25, gamma: 2 },
    { alpha: 0.4, gamma: 1.5 },
    { alpha: 0.5, gamma: 0 },
  ])("focal losses follow the formula: %o", ({ alpha, gamma }) => {
    const logits = noise(5, 3);
    const probabilities = tf.sigmoid(logits) as tf.Tensor2D;
    const expected = reference(probabilities.dataSync(), alpha, gamma, weights);
    const options = { alpha, gamma, weights, reduction: "none" } as const;
    expectValues(sigmoidFocalLoss(logits, labels, options), expected);
    expectValues(probabilityFocalLoss(probabilities, labels, options), expected);
    const perRow = Array.from(
      { length: 5 },
      (_, row) => expected[3 * row]! + expected[3 * row + 1]! + expected[3 * row + 2]!,
    );
    expectValues(sigmoidFocalLoss(logits, labels, { ...options, reduction: "row" }), perRow);
    expectValues(probabilityFocalLoss(probabilities, labels, { ...options, reduction: "row" }), perRow);
    expectGradient((x) => sigmoidFocalLoss(x as tf.Tensor2D, labels, { ...options, reduction: "row" }), [logits]);
    expectGradient(
      (x) => probabilityFocalLoss(x as tf.Tensor2D, labels, { ...options, reduction: "row" }),
      [fractions(5, 3)],
      { step: 3e-3 },
    );
    const total = expected.reduce((sum, value) => sum + value, 0);
    expectValues(sigmoidFocalLoss(logits, labels, { alpha, gamma, weights }), [total]);
    expectGradient((x) => sigmoidFocalLoss(x as tf.Tensor2D, labels, options), [logits]);
    expectGradient((x) => sigmoidFocalLoss(x as tf.Tensor2D, labels, { ...options, reduction: "sum" }), [logits]);
    expectGradient((x) => probabilityFocalLoss(x as tf.Tensor2D, labels, options), [fractions(5, 3)], { step: 3e-3 });
  });

  it("focal losses take labels and weights from the device too", async () => {
    const logits = noise(5, 3);
    const expected = sigmoidFocalLoss(logits, labels, { weights, reduction: "none" }).dataSync();
    const [rows, factors] = [tf.tensor1d(labels, "int32"), tf.tensor1d(weights)];
    for (const given of [rows, labels]) {
      const got = await expectNoLeak(() => sigmoidFocalLoss(logits, given, { weights: factors, reduction: "none" }), 1);
      expectValues(got, expected);
    }
    expectValues(sigmoidFocalLoss(logits, rows, { weights, reduction: "none" }), expected);
  });

  it("sigmoidFocalLoss is finite for huge logits and has no gradient where it is sure", () => {
    const logits = tf.tensor2d([200, -200, -200, 200], [2, 2]);
    const sure = Int32Array.of(0, 0);
    expectValues(sigmoidFocalLoss(logits, sure, { reduction: "none" }), [0, 0, 50, 150]);
    const gradient = tf.grad((x: tf.Tensor) => sigmoidFocalLoss(x as tf.Tensor2D, sure))(logits);
    expectValues(gradient, [0, 0, -0.25, 0.75]);
  });

  it("probabilityFocalLoss costs 25 at probability 0 of the true class; a closed ReLU passes none of its slope", () => {
    const zero = Int32Array.of(0);
    expectValues(probabilityFocalLoss(tf.tensor2d([0, 1], [1, 2]), zero, { reduction: "none" }), [25, 75]);
    const slope = tf.grad((x: tf.Tensor) => probabilityFocalLoss(x as tf.Tensor2D, zero));
    expect(slope(tf.tensor2d([0], [1, 1])).dataSync()[0]! / -2.5e11).toBeCloseTo(1, 5);
    expectValues(slope(tf.tensor2d([1], [1, 1])), [0]);
    const closed = tf.grad((x: tf.Tensor) => probabilityFocalLoss(tf.relu(x) as tf.Tensor2D, zero));
    expectValues(closed(tf.tensor2d([-0.5], [1, 1])), [0]);
    expectValues(closed(tf.tensor2d([0], [1, 1])), [0]);
  });

  it.each([sigmoidFocalLoss, probabilityFocalLoss])("%o leaves one tensor and takes no rows", async (loss) => {
    const input = fractions(5, 3);
    await expectNoLeak(() => loss(input, labels), 1);
    const none = tf.zeros([0, 3]) as tf.Tensor2D;
    expectValues(loss(none, new Int32Array(0)), [0]);
    expectValues(loss(none, tf.tensor1d([], "int32")), [0]);
    const gradient = tf.grad((x: tf.Tensor) => loss(x as tf.Tensor2D, new Int32Array(0)))(none);
    expect(gradient.shape).toEqual([0, 3]);
  });

  it("focal losses refuse labels, weights and exponents that do not fit", () => {
    const input = fractions(2, 3);
    expect(() => sigmoidFocalLoss(input, labels)).toThrow(
      "sigmoidFocalLoss: labels must have 2 rows as predictions [2,3], got 5",
    );
    const two = Int32Array.of(0, 1);
    expect(() => probabilityFocalLoss(input, two, { weights })).toThrow(
      "probabilityFocalLoss: weights must have 2 rows as predictions [2,3], got 5",
    );
    expect(() => sigmoidFocalLoss(tf.zeros([3]) as tf.Tensor as tf.Tensor2D, two)).toThrow("must be [N, C], got [3]");
    try {
      sigmoidFocalLoss(input, two, { gamma: -1 });
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
    }
  });
});
