import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const whole = (shape: number[], seed: number, scale = 5) => tf.cast(normal(shape, seed, scale), "int32");
const truth = (shape: number[], seed: number) => tf.greater(normal(shape, seed), 0);
const shapes: [number[], number[]][] = [
  [
    [3, 4],
    [3, 4],
  ],
  [
    [3, 1, 5],
    [4, 1],
  ],
  [[], [6]],
  [[0, 4], [4]],
  [[40_001], [1]],
];
const run = (name: string, a: tf.Tensor, b: tf.Tensor) => tf.engine().runKernel(name, { a, b }) as tf.Tensor;

nativeSuite("integers and truths", () => {
  it.each(["Add", "Sub", "Multiply", "Maximum", "Minimum", "SquaredDifference", "FloorDiv", "Mod"])(
    "%s of integers",
    async (name) => {
      for (const [left, right] of shapes) await expectSameAsCpu(() => run(name, whole(left, 1, 30), whole(right, 2)));
    },
  );

  it("wraps around as an Int32Array does, and divides by 0 without a crash", async () => {
    const extremes = () => tf.tensor1d([2 ** 31 - 1, -(2 ** 31), -1, 7], "int32");
    for (const name of ["Add", "Sub", "Multiply", "FloorDiv", "Mod"])
      for (const other of [0, -1, 2, 2 ** 31 - 1])
        if (name !== "Multiply" || other <= 2)
          // beyond 2^53 the plain one rounds before it wraps
          await expectSameAsCpu(() => run(name, extremes(), tf.scalar(other, "int32")));
    await expectSameAsCpu(() => [tf.neg(extremes()), tf.square(whole([9], 3)), tf.sign(extremes())]);
    await expectSameAsCpu(() => tf.abs(whole([9], 3)));
  });

  it.each(["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"])(
    "%s of integers and truths",
    async (name) => {
      for (const [left, right] of shapes) {
        await expectSameAsCpu(() => run(name, whole(left, 1), whole(right, 2)));
        await expectSameAsCpu(() => run(name, truth(left, 1), truth(right, 2)));
      }
    },
  );

  it("logic", async () => {
    for (const [left, right] of shapes)
      await expectSameAsCpu(() => {
        const [a, b] = [truth(left, 1), truth(right, 2)];
        return [tf.logicalAnd(a, b), tf.logicalOr(a, b), tf.logicalXor(a, b), tf.logicalNot(a)];
      });
  });

  it("casts, chooses and fills every type", async () => {
    await expectSameAsCpu(() => [
      tf.cast(whole([7], 1, 1), "bool"),
      tf.cast(truth([7], 1), "int32"),
      tf.cast(tf.cast(truth([7], 1), "int32"), "float32"),
      tf.where(truth([6], 1), whole([6], 2), whole([6], 3)),
      tf.where(truth([1, 3], 1), normal([2, 3], 2), normal([], 3)),
      tf.fill([3], 2, "int32"),
      tf.zerosLike(whole([2], 1)),
      tf.onesLike(truth([2, 0], 1)),
      tf.zeros([2, 2], "bool"),
    ]);
  });

  it("adds more terms than the add-on takes at once", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, seed) => normal([5], seed));
    for (const count of [1, 16, 17, 31, 32, 50]) await expectSameAsCpu(() => tf.addN(many(count)));
  });

  it("refuses shapes that do not fit", () => {
    tf.tidy(() => {
      expect(() => run("Add", whole([3], 1), whole([4], 1))).toThrow(/3.*4/);
      expect(() => run("LogicalAnd", truth([3], 1), truth([2], 1))).toThrow(/3.*2/);
    });
  });
});
