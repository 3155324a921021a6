import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, kernel, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

beforeAll(() => useBackend("wasm"));

const gradient = (values: number[], width: number, dy: number[], outWidth: number) =>
  tf.tidy(() => {
    const input = tf.tensor4d(values, [1, values.length / width, width, 1]);
    const upper = tf.tensor4d(dy, [1, dy.length / outWidth, outWidth, 1]);
    const attributes = { filterSize: 2, strides: 1, pad: 0 };
    return [...kernel("MaxPoolGrad", { dy: upper, input, output: upper }, attributes).dataSync()];
  });

describe("maxPoolGradient", () => {
  it.each([
    [3, 1, 1, [2, 7, 6, 3]],
    [3, 2, 1, [2, 7, 8, 3]],
    [3, 2, "same", [1, 8, 6, 3]],
    [2, 2, "valid", [1, 7, 6, 3]],
    [1, 2, 0, [1, 5, 5, 2]],
    [2, 2, 0, [0, 4, 4, 2]],
  ] as const)("window %s, stride %s, pad %s", async (filterSize, strides, pad, shape) => {
    await expectAsOnCpu(() => {
      const input = normal([...shape]) as tf.Tensor4D;
      const output = tf.maxPool(input, filterSize, strides, pad);
      const dy = normal(output.shape, 2);
      return kernel("MaxPoolGrad", { dy, input, output }, { filterSize, strides, pad });
    });
  });

  it("gives a tie to the first, and adds up where windows overlap", () => {
    expect(gradient([5, 5, 1, 5, 5, 1], 3, [1, 10], 2)).toEqual([1, 10, 0, 0, 0, 0]);
  });

  it("takes a NaN for the maximum", () => {
    expect(gradient([9, 1, Number.NaN, 2], 2, [3], 1)).toEqual([0, 0, 3, 0]);
  });

  it("equals central differences through tf.maxPool and tf.avgPool", () => {
    const x = tf.tidy(() => tf.reshape(tf.mul(tf.tensor1d([7, 2, 9, 4, 1, 8, 3, 6, 5]), 0.3), [1, 3, 3, 1]));
    expectGradient((a) => tf.maxPool(a as tf.Tensor4D, 2, 1, "valid"), [x]);
    expectGradient((a) => tf.avgPool(a as tf.Tensor4D, 2, 1, "valid"), [x]);
    x.dispose();
  });
});
