import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const shapes: [number[], number[]][] = [
  [
    [4, 5, 6],
    [4, 5, 6],
  ],
  [[4, 5, 67], [67]],
  [
    [4, 5, 6],
    [5, 1],
  ],
  [
    [4, 1, 6],
    [1, 5, 1],
  ],
  [
    [2, 1, 3, 1, 5],
    [7, 1, 2, 1],
  ],
  [[3], []],
  [[], [5]],
  [[0, 4], [4]],
  [[1, 1], [1]],
  [[70001], [70001]],
];
const special = [0, -0, 1, -1, 0.5, 2, 1e-40, -1e-40, 88.7, 89, -87, -104, 1e30, Infinity, -Infinity, Number.NaN];

nativeSuite("elementwise kernels", () => {
  const arithmetic = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum };
  it.each(Object.entries({ ...arithmetic, squaredDifference: tf.squaredDifference }))(
    "%s broadcasts as the plain one",
    async (_, f) => {
      for (const [left, right] of shapes)
        await expectSameAsCpu(() => f(normal(left, 1), normal(right, 2)), { relative: 1e-6 });
    },
  );

  const comparisons = {
    equal: tf.equal,
    notEqual: tf.notEqual,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
  };
  it.each(Object.entries(comparisons))("%s gives the plain one's truth", async (_, f) => {
    const rounded = (shape: number[], seed: number) => tf.round(normal(shape, seed));
    for (const [left, right] of shapes)
      await expectSameAsCpu(() => f(rounded(left, 1), rounded(right, 2)), { plain: ["Round"] });
    await expectSameAsCpu(() => f(tf.tensor1d(special), tf.zeros([])), {});
  });

  const unaries = {
    ...{ relu: tf.relu, sigmoid: tf.sigmoid, exp: tf.exp, log: tf.log, sqrt: tf.sqrt, rsqrt: tf.rsqrt, neg: tf.neg },
    ...{
      square: tf.square,
      abs: tf.abs,
      log1p: tf.log1p,
      softplus: tf.softplus,
      tanh: tf.tanh,
      reciprocal: tf.reciprocal,
    },
    step: (x: tf.Tensor) => tf.step(x, 0.25),
    clip: (x: tf.Tensor) => tf.clipByValue(x, -0.5, 1.5),
  };
  it.each(Object.entries(unaries))("%s is right everywhere, at the edges too", async (name, f) => {
    for (const shape of [[0], [], [7, 5], [9001]])
      await expectSameAsCpu(() => f(normal(shape, 3, 4)), { relative: 1e-6, absolute: 1e-7 });
    // the plain softplus calls whatever is far below 0 zero and whatever is NaN a number; relu loses NaN in neither
    const edges = name === "softplus" ? special.filter((x) => x > -80) : special;
    await expectSameAsCpu(() => f(tf.tensor1d(edges)), { relative: 1e-6, absolute: 1e-38 });
  });

  it("exp and log are within 2 units in the last place of float64", () => {
    const x = Float32Array.from({ length: 19900 }, (_, i) => -103 + i * 0.0096);
    const exponentials = tf.tidy(() => tf.exp(tf.tensor1d(x)).dataSync());
    const logarithms = tf.tidy(() => tf.log(tf.exp(tf.tensor1d(x.map((value) => value * 0.8)))).dataSync());
    x.forEach((value, i) => {
      const exact = Math.exp(value);
      expect(Math.abs(exponentials[i]! - exact)).toBeLessThanOrEqual(Math.max(2 ** -22 * exact, 2 ** -148));
      const root = Math.exp(Math.fround(value * 0.8));
      expect(Math.abs(logarithms[i]! - Math.log(Math.fround(root)))).toBeLessThanOrEqual(
        4e-7 * Math.max(1, Math.abs(value)),
      );
    });
  });

  it("pow is Math.pow's, NaN and all", async () => {
    for (const exponent of [0, 1, 2, 0.5, -1.5, Number.NaN, Infinity])
      await expectSameAsCpu(() => tf.pow(tf.tensor1d(special), tf.scalar(exponent)), {
        relative: 1e-6,
        absolute: 1e-38,
      });
    await expectSameAsCpu(() => tf.pow(tf.abs(normal([4, 1, 5])), normal([3, 1], 2)));
  });

  it("NaN is seen through every operation, in every lane", () => {
    const values = new Float32Array(37).fill(1);
    for (let at = 0; at < 37; at++) {
      const x = tf.tensor1d(values.map((value, i) => (i === at ? Number.NaN : value)));
      const all = [
        tf.relu(x),
        tf.maximum(x, 0),
        tf.minimum(0, x),
        tf.clipByValue(x, 0, 1),
        tf.sigmoid(x),
        tf.softplus(x),
        tf.step(x),
      ];
      for (const y of [...all, tf.max(x), tf.min(x), tf.sum(x)]) {
        const read = y.dataSync();
        expect(read[y.size === 1 ? 0 : at]).toBeNaN();
        y.dispose();
      }
      x.dispose();
    }
  });

  it("adds many, chooses, fills and casts", async () => {
    const many = () => [1, 2, 3, 4, 5].map((seed) => normal([3, 41], seed));
    const truth = () => tf.greater(normal([6, 9]), 0);
    await expectSameAsCpu(() => tf.addN(many()));
    await expectSameAsCpu(() => tf.where(truth(), normal([6, 9], 2), normal([6, 9], 3)));
    await expectSameAsCpu(
      () => [tf.fill([3, 4], 2.5), tf.zerosLike(normal([5])), tf.onesLike(normal([0, 5])), tf.zeros([2])],
      {},
    );
    await expectSameAsCpu(() => tf.cast(tf.tensor1d([0.9, -0.9, 1e9, 3e9, -5e9, Infinity, Number.NaN, -0]), "int32"));
    await expectSameAsCpu(
      () => [tf.cast(normal([7]), "bool"), tf.cast(truth(), "float32"), tf.cast(tf.range(0, 9, 1, "int32"), "float32")],
      { plain: ["Range"] },
    );
    await expectSameAsCpu(() => tf.mul(tf.cast(truth(), "float32"), tf.sum(tf.cast(truth(), "float32"), 0)));
  });

  it("has the composed gradients of relu and sigmoid", async () => {
    for (const f of [tf.relu, tf.sigmoid])
      await expectSameAsCpu(() => tf.grads((x) => tf.sum(tf.mul(f(x), normal([5, 33], 2))))([normal([5, 33])]), {
        plain: ["Tile"],
      });
    await expectSameAsCpu(() => tf.grad((x) => tf.relu(x))(tf.tensor1d([0, -0, 1, -1])));
  });

  it("leaves what it was not made for to JavaScript and refuses what does not fit", () => {
    tf.tidy(() => {
      expect([...tf.add(tf.tensor1d([1, 2], "int32"), tf.tensor1d([3, 4], "int32")).dataSync()]).toEqual([4, 6]);
      expect(() => tf.add(normal([3]), normal([4]))).toThrow(/3.*4|broadcast/);
      const run = (name: string, inputs: object) => tf.engine().runKernel(name, inputs as never);
      expect(() => run("Multiply", { a: normal([3]), b: normal([2, 2]) })).toThrow();
      expect(() => run("LadReluGradient", { dy: normal([3]), y: normal([2, 2]) })).toThrow();
    });
  });
});
