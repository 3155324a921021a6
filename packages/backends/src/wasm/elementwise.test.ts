import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

beforeAll(() => useBackend("wasm"));

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-10, -1e-10, 0.5, -3, 7.25];
const run = (compute: () => tf.Tensor) => tf.tidy(() => [...compute().dataSync()]);

describe("elementwise kernels", () => {
  for (const [name, choose] of Object.entries({ maximum: tf.maximum, minimum: tf.minimum })) {
    it.each([
      [[37], [37]],
      [[4, 5, 6], [6]],
      [[4, 5, 6], []],
      [[], [4, 5, 6]],
      [
        [4, 1, 6],
        [5, 1],
      ],
      [
        [2, 3, 4, 5],
        [2, 1, 1, 5],
      ],
      [[0, 4], [4]],
      [[1], [1, 1]],
    ])(`${name} of [%s] and [%s]`, async (shapeA, shapeB) => {
      await expectAsOnCpu(() => choose(normal(shapeA), normal(shapeB, 2)));
    });

    it(`${name} of integers, and of every pair of special numbers`, async () => {
      await expectAsOnCpu(() => choose(tf.tensor1d([1, 5], "int32"), tf.tensor1d([3, 2], "int32")));
      await expectAsOnCpu(() => choose(tf.tensor2d(special, [10, 1]), tf.tensor1d(special)));
    });
  }

  it("clips and keeps NaN", async () => {
    await expectAsOnCpu(() => tf.clipByValue(tf.tensor1d(special), -0.25, 2));
    await expectAsOnCpu(() => tf.relu6(tf.tensor1d(special)));
    await expectAsOnCpu(() => tf.relu(tf.tensor1d(special)));
    await expectAsOnCpu(() => tf.clipByValue(tf.tensor1d([1, 9, -4], "int32"), 0, 5));
    await expectAsOnCpu(() => tf.clipByValue(tf.zeros([0, 3]), 0, 5));
  });

  it("takes signs, of tiny numbers too", () => {
    const expected = special.map(Math.sign);
    expect(run(() => tf.sign(tf.tensor1d(special)))).toEqual(expected);
    expect(run(() => tf.sign(tf.tensor1d([-3, 0, 2], "int32")))).toEqual([-1, 0, 1]);
  });

  it("casts to bool by comparing with zero, and to itself without a copy", async () => {
    await expectAsOnCpu(() => tf.cast(tf.tensor1d([0, 0.3, -2, 256, Number.NaN]), "bool"));
    await expectAsOnCpu(() => tf.cast(tf.tensor1d([0, 256, 3], "int32"), "bool"));
    await expectAsOnCpu(() => tf.cast(tf.tensor1d([0.5, -1.5, 3]), "int32"));
    await expectAsOnCpu(() => tf.cast(tf.tensor1d([1, 0, 1], "bool"), "float32"));
    const x = tf.tensor1d([1, 2]);
    const [same, copy] = [tf.cast(x, "float32"), tf.clone(x)];
    const offset = (tensor: tf.Tensor) =>
      (tf.backend() as unknown as { getMemoryOffset(id: object): number }).getMemoryOffset(tensor.dataId);
    expect([offset(same), offset(copy)]).toEqual([offset(x), offset(x)]);
    x.dispose();
    expect([...same.dataSync()]).toEqual([1, 2]);
    tf.dispose([same, copy]);
  });

  it("have the gradients of central differences", () => {
    const x = tf.tensor1d([0.31, -0.72, 1.4, 2.2]);
    const y = tf.tensor1d([0.9, -1.1, 0.2, 2.6]);
    expectGradient((a, b) => tf.add(tf.maximum(a, b), tf.square(tf.minimum(a, b))), [x, y]);
    expectGradient((a) => tf.mul(tf.clipByValue(a, -0.5, 2), tf.relu(a)), [x]);
    expectGradient((a) => tf.add(tf.softplus(a), tf.mul(tf.sigmoid(a), tf.abs(a))), [x]);
    expectGradient((a) => tf.logSoftmax(tf.reshape(a, [2, 2])), [x]);
    expectGradient((a) => tf.log(tf.add(tf.exp(a), tf.sqrt(tf.square(a)))), [x]);
    tf.dispose([x, y]);
  });
});
