import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-40, 3, 6.5, 88, -90, 1e20, Infinity, -Infinity];
const nan = [1, Number.NaN, -2];

const functions = {
  ...{ floor: tf.floor, ceil: tf.ceil, round: tf.round, sign: tf.sign, erf: tf.erf, expm1: tf.expm1, elu: tf.elu },
  ...{ relu6: tf.relu6, selu: tf.selu, sin: tf.sin, cos: tf.cos, asin: tf.asin, acos: tf.acos, atan: tf.atan },
  ...{ sinh: tf.sinh, cosh: tf.cosh, asinh: tf.asinh, acosh: tf.acosh, atanh: tf.atanh },
  leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x, 0.3),
};
const shapes: [number[], number[]][] = [
  [[7], [7]],
  [
    [3, 1, 5],
    [4, 1],
  ],
  [[], [6]],
  [[0, 3], [3]],
];

nativeSuite("functions of one and two numbers", () => {
  it.each(Object.entries(functions))("%s is the plain one's, at the edges too", async (name, f) => {
    for (const shape of [[0], [], [3, 7], [4097]])
      await expectSameAsCpu(() => f(normal(shape, 3, 2)), { relative: 2e-6, absolute: 2e-7 });
    await expectSameAsCpu(() => f(tf.tensor1d(special)), {
      relative: 2e-6,
      absolute: 2e-7,
    });
    const shown = tf.tidy(() => f(tf.tensor1d(nan)).dataSync());
    const outside = ["asin", "acos", "acosh", "atanh"].includes(name);
    expect([...shown].map(Number.isNaN)).toEqual([false, true, outside]);
  });

  it.each(Object.entries({ isNaN: tf.isNaN, isInf: tf.isInf, isFinite: tf.isFinite }))("%s", async (_, f) => {
    await expectSameAsCpu(() => [f(tf.tensor1d([...special, ...nan])), f(normal([0])), f(normal([1000]))]);
  });

  it("tan, except near its poles", async () => {
    await expectSameAsCpu(() => tf.tan(tf.clipByValue(normal([200]), -1.4, 1.4)));
  });

  it("two numbers, broadcast", async () => {
    for (const [left, right] of shapes) {
      const positive = (shape: number[], seed: number) => tf.add(tf.abs(normal(shape, seed)), 0.1);
      const pair = () => [normal(left, 1, 5), normal(right, 2, 2)] as const;
      await expectSameAsCpu(() => tf.atan2(...pair()), { absolute: 1e-6 });
      await expectSameAsCpu(() => tf.mod(normal(left, 1, 5), positive(right, 2)), { absolute: 1e-5 });
      await expectSameAsCpu(() => tf.mod(positive(left, 2), tf.neg(positive(right, 1))), { absolute: 1e-5 });
      await expectSameAsCpu(() => tf.floorDiv(normal(left, 1, 50), positive(right, 2)));
    }
    await expectSameAsCpu(() => tf.prelu(normal([3, 4]), normal([4], 2)));
    await expectSameAsCpu(() => tf.grad((x) => tf.elu(x))(tf.tensor1d([-1, 0, -0, 2])));
    expect([
      ...tf.tidy(() => tf.mod(tf.tensor1d([-1, 1, Number.NaN, 5]), tf.tensor1d([3, -3, 1, 0])).dataSync()),
    ]).toEqual([2, -2, Number.NaN, Number.NaN]);
  });

  it("refuses shapes that do not fit", () => {
    tf.tidy(() => {
      expect(() => tf.engine().runKernel("Atan2", { a: normal([3]), b: normal([4]) })).toThrow(/3.*4/);
    });
  });
});
