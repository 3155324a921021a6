import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const { matMul: fusedMatMul } = tf.fused;

nativeSuite("matrix products", () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("transposed %s, %s", async (left, right) => {
    const matrix = (batch: number[], rows: number, columns: number, turned: boolean, seed: number) =>
      normal([...batch, ...(turned ? [columns, rows] : [rows, columns])], seed);
    for (const [a, b] of [
      [[], []],
      [[3], []],
      [[], [3]],
      [[3], [3]],
      [
        [2, 3],
        [2, 3],
      ],
      [[1], [4]],
    ] as const)
      for (const [m, k, n] of [
        [5, 7, 9],
        [1, 33, 1],
        [17, 1, 4],
      ] as const)
        await expectSameAsCpu(() =>
          tf.matMul(matrix([...a], m, k, left, 1), matrix([...b], k, n, right, 2), left, right),
        );
  });

  it("fuses bias and activations", async () => {
    const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const;
    const fused = (activation: (typeof activations)[number]) =>
      fusedMatMul({
        a: normal([4, 8]) as tf.Tensor2D,
        b: normal([8, 3], 2) as tf.Tensor2D,
        bias: normal([3], 3),
        activation,
        leakyreluAlpha: 0.3,
        preluActivationWeights: normal([3], 4),
      });
    await expectSameAsCpu(() => activations.map(fused));
  });

  it("repeats batches that serve several, which the plain one gets wrong", () => {
    tf.tidy(() => {
      const [a, b] = [normal([2, 1, 4, 5]), normal([3, 5, 6], 2)];
      const y = tf.matMul(a, b);
      const expected = tf.matMul(tf.tile(a, [1, 3, 1, 1]), tf.tile(tf.reshape(b, [1, 3, 5, 6]), [2, 1, 1, 1]));
      expect(y.shape).toEqual([2, 3, 4, 6]);
      expect([...y.dataSync()]).toEqual([...expected.dataSync()]);
    });
  });

  it("takes empty ones, shows NaN and refuses what does not fit", async () => {
    await expectSameAsCpu(() => [tf.matMul(normal([0, 4]), normal([4, 3])), tf.matMul(normal([2, 0]), normal([0, 3]))]);
    tf.tidy(() => {
      const y = tf.matMul(tf.tensor2d([Number.NaN, 1, 0, 1], [2, 2]), normal([2, 2])).dataSync();
      expect([y[0], y[1]]).toEqual([Number.NaN, Number.NaN]);
      const run = (a: tf.Tensor, b: tf.Tensor) =>
        tf.engine().runKernel("BatchMatMul", { a, b }, { transposeA: false, transposeB: false });
      expect(() => run(normal([2, 3]), normal([4, 2]))).toThrow("inner sizes differ: a [2,3], b [4,2]");
      expect(() => run(normal([3]), normal([3, 2]))).toThrow("wanted matrices");
    });
  });
});
