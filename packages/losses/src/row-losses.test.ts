import { LadError } from "@lad/core";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectValues, fractions, noise, onEngines } from "../test/engines";
import { distillationKl } from "./distillation-kl";
import { distributionFocalLoss } from "./distribution-focal-loss";
import { qualityFocalLoss } from "./quality-focal-loss";

const labels = Int32Array.of(1, 3, 0, -1, 7); // 3 classes: rows 1, 3, 4 are background
const scores = Float32Array.of(0.75, 0, 0.2, 0, 0);
const weights = Float32Array.of(1, 0.5, 2, 0, 1);
const targets = Float32Array.of(0, 1.25, 3, 2.5, 0.125);
const rowsOf = (values: ArrayLike<number>, columns: number) =>
  Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (__, column) => values[row * columns + column]!),
  );
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const softmax = (row: readonly number[], temperature = 1) => {
  const parts = row.map((x) => Math.exp(x / temperature));
  return parts.map((part) => part / sum(parts));
};

/** The formulas, in double precision, one number a row. */
const quality = (probabilities: ArrayLike<number>, beta: number) =>
  rowsOf(probabilities, 3).map((row, index) =>
    sum(
      row.map((p, column) => {
        const q = labels[index] === column ? scores[index]! : 0;
        const clamped = (x: number) => Math.max(Math.log(x), -100);
        return Math.abs(q - p) ** beta * -(q * clamped(p) + (1 - q) * clamped(1 - p));
      }),
    ),
  );
const distribution = (logits: ArrayLike<number>) =>
  rowsOf(logits, 4).map((row, index) => {
    const [p, t] = [softmax(row), targets[index]!];
    const left = Math.min(Math.floor(t), 2);
    return -(left + 1 - t) * Math.log(p[left]!) - (t - left) * Math.log(p[left + 1]!);
  });
const divergence = (logits: ArrayLike<number>, teacher: ArrayLike<number>, temperature: number) => {
  const others = rowsOf(teacher, 4);
  return rowsOf(logits, 4).map((row, index) => {
    const [p, q] = [softmax(row, temperature), softmax(others[index]!, temperature)];
    return (temperature ** 2 * sum(q.map((share, bin) => share * Math.log(share / p[bin]!)))) / row.length;
  });
};
const weighted = (rows: readonly number[]) => rows.map((value, row) => value * weights[row]!);

type Loss = (x: tf.Tensor2D, options: { weights?: Float32Array | tf.Tensor1D; reduction?: "none" }) => tf.Tensor;
const losses: Record<string, { loss: Loss; columns: number; rows: (x: ArrayLike<number>) => number[] }> = {};
for (const beta of [0, 1, 1.5, 2])
  losses[`qualityFocalLoss, beta ${beta}`] = {
    loss: (x, options) =>
      qualityFocalLoss(x, labels.subarray(0, x.shape[0]), scores.subarray(0, x.shape[0]), { beta, ...options }),
    columns: 3,
    rows: (x) =>
      quality(
        Array.from(x, (logit) => 1 / (1 + Math.exp(-logit))),
        beta,
      ),
  };
losses.distributionFocalLoss = {
  loss: (x, options) => distributionFocalLoss(x, targets.subarray(0, x.shape[0]), options),
  columns: 4,
  rows: distribution,
};
for (const temperature of [1, 10])
  losses[`distillationKl, temperature ${temperature}`] = {
    loss: (x, options) => distillationKl(x, noise(x.shape[0], 4, 9), { temperature, ...options }),
    columns: 4,
    rows: (x) => divergence(x, noise(5, 4, 9).dataSync(), temperature),
  };

onEngines(() => {
  it.each(Object.entries(losses))("%s follows the formula, with its gradient", (_, { loss, columns, rows }) => {
    const logits = noise(5, columns);
    const expected = rows(logits.dataSync());
    expectValues(loss(logits, { reduction: "none" }), expected);
    expectValues(loss(logits, { reduction: "none", weights }), weighted(expected));
    expectValues(loss(logits, { weights: tf.tensor1d(weights) }), [sum(weighted(expected))]);
    const run = (options: Parameters<Loss>[1]) => (x: tf.Tensor) => loss(x as tf.Tensor2D, options);
    expectGradient(run({ reduction: "none" }) as (...all: tf.Tensor[]) => tf.Tensor, [logits]);
    expectGradient(run({ weights, reduction: "none" }) as (...all: tf.Tensor[]) => tf.Tensor, [logits]);
    expectGradient(run({ weights }) as (...all: tf.Tensor[]) => tf.Tensor, [logits]);
  });

  it.each(Object.entries(losses))("%s leaves one tensor, takes no rows and shows NaN", async (_, { loss, columns }) => {
    const logits = noise(5, columns);
    await expectNoLeak(() => tf.tidy(() => loss(logits, { weights })), 1);
    const none = tf.zeros([0, columns]) as tf.Tensor2D;
    expectValues(loss(none, {}), [0]);
    expect(loss(none, { reduction: "none" }).shape).toEqual([0]);
    expect(tf.grad((x) => loss(x as tf.Tensor2D, {}))(none).shape).toEqual([0, columns]);
    const broken = tf.tidy(() => tf.mul(logits, tf.tensor2d([1, Number.NaN, 1, 1, 1], [5, 1])) as tf.Tensor2D);
    const rows = loss(broken, { reduction: "none" }).dataSync();
    expect([...rows].map(Number.isNaN)).toEqual([false, true, false, false, false]);
    const gradient = tf
      .grad((x) => loss(x as tf.Tensor2D, {}))(broken)
      .dataSync();
    expect([...gradient].map(Number.isNaN)).toEqual([...broken.dataSync()].map(Number.isNaN));
  });

  it("qualityFocalLoss takes probabilities, with torch's clamp and slope", () => {
    const probabilities = fractions(5, 3);
    const form = { form: "probability", reduction: "none" } as const;
    expectValues(qualityFocalLoss(probabilities, labels, scores, form), quality(probabilities.dataSync(), 2));
    const run = (x: tf.Tensor) => qualityFocalLoss(x as tf.Tensor2D, labels, scores, { ...form, weights });
    expectGradient(run as (...all: tf.Tensor[]) => tf.Tensor, [probabilities], { step: 3e-3 });
    const sure = (p: number) => tf.tensor2d([p], [1, 1]);
    const [first, one] = [Int32Array.of(0), Float32Array.of(1)];
    expectValues(qualityFocalLoss(sure(0), first, one, form), [100]);
    expectValues(qualityFocalLoss(sure(1), first, one, form), [0]);
    const slope = tf.grad((x: tf.Tensor) => qualityFocalLoss(x as tf.Tensor2D, first, one, form));
    expect(slope(sure(0)).dataSync()[0]! / -1e12).toBeCloseTo(1, 5);
  });

  it("qualityFocalLoss is the focal loss of scores 1 and takes rows from the device", () => {
    const logits = noise(5, 3);
    const onDevice = qualityFocalLoss(logits, tf.tensor1d(labels, "int32"), tf.tensor1d(scores), { reduction: "none" });
    expectValues(onDevice, qualityFocalLoss(logits, labels, scores, { reduction: "none" }).dataSync());
    const extreme = tf.tensor2d([500, -500], [1, 2]);
    expectValues(qualityFocalLoss(extreme, Int32Array.of(0), Float32Array.of(1)), [0]);
    expectValues(qualityFocalLoss(extreme, Int32Array.of(1), Float32Array.of(1)), [1000]);
  });

  it("distributionFocalLoss takes targets from the device and the last bin itself", () => {
    const logits = noise(5, 4);
    const expected = distributionFocalLoss(logits, targets, { reduction: "none" }).dataSync();
    expectValues(distributionFocalLoss(logits, tf.tensor1d(targets), { reduction: "none" }), expected);
    const huge = tf.tensor2d([0, 0, 1000], [1, 3]);
    expectValues(distributionFocalLoss(huge, Float32Array.of(2)), [0]);
    expectValues(distributionFocalLoss(huge, Float32Array.of(0.5)), [1000]);
  });

  it("distillationKl of equal logits is 0 with gradient 0, shifted or not, and not of the order", () => {
    const logits = noise(5, 4);
    const shifted = tf.add<tf.Tensor2D>(logits, 3);
    expectValues(distillationKl(logits, shifted, { reduction: "none" }), [0, 0, 0, 0, 0]);
    expectValues(tf.grad((x: tf.Tensor) => distillationKl(x as tf.Tensor2D, shifted))(logits), new Float32Array(20));
    const [a, b] = [tf.tensor2d([0, 900], [1, 2]), tf.tensor2d([0, 0], [1, 2])];
    expectValues(distillationKl(a, b, { temperature: 1 }), [(450 - Math.log(2)) / 2], 3);
  });

  it("row losses refuse what does not fit", () => {
    const logits = noise(5, 3);
    const refused: [() => unknown, string, string][] = [
      [
        () => qualityFocalLoss(logits, labels, scores.subarray(1)),
        "SHAPE_MISMATCH",
        "scores must have 5 rows as predictions [5,3], got 4",
      ],
      [
        () => qualityFocalLoss(logits, labels, scores, { beta: -1 }),
        "INVALID_ARGUMENT",
        "beta must be at least 0, got -1",
      ],
      [
        () => distributionFocalLoss(logits, targets),
        "INVALID_ARGUMENT",
        "targets must lie in [0, 2] for 3 bins, got 3 in row 2",
      ],
      [
        () => distributionFocalLoss(tf.zeros([3]) as tf.Tensor as tf.Tensor2D, targets),
        "SHAPE_MISMATCH",
        "must be [N, C], got [3]",
      ],
      [
        () => distillationKl(logits, noise(5, 4)),
        "SHAPE_MISMATCH",
        "predicted [5,3] and teacher [5,4] must have the same shape",
      ],
      [
        () => distillationKl(logits, logits, { temperature: 0 }),
        "INVALID_ARGUMENT",
        "temperature must be greater than 0, got 0",
      ],
      [
        () => distillationKl(logits, logits, { weights: targets.subarray(2) }),
        "SHAPE_MISMATCH",
        "weights must have 5 rows",
      ],
    ];
    for (const [compute, code, text] of refused) {
      try {
        compute();
        expect.unreachable();
      } catch (error) {
        expect(LadError.is(error) && [error.code, error.message.includes(text)]).toEqual([code, true]);
      }
    }
  });
});
