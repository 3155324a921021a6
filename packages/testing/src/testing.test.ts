import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { expectClose, expectGradient, expectNoLeak } from "./index";

beforeAll(() => tf.setBackend("cpu"));
const array = (...values: number[]) => ndArray(Float32Array.from(values), [values.length]);

it("expectClose names the worst element and treats NaN as different from numbers", () => {
  expectClose(array(1, Number.NaN), array(1.00005, Number.NaN));
  expect(() => expectClose(array(1, 2), array(1, 2.1), { name: "boxes" })).toThrow(
    "boxes: at 1 of 2 got 2, expected 2.0",
  );
  expect(() => expectClose(array(Number.NaN), array(0))).toThrow("got NaN");
  expect(() => expectClose(array(1), array(1, 2))).toThrow("shape [1], expected [2]");
});

it("expectNoLeak counts tensors", async () => {
  await expectNoLeak(() => tf.tidy(() => tf.add(1, 2).dataSync()));
  await expect(expectNoLeak(() => tf.add(1, 2).dispose(), 1)).rejects.toThrow("0 new tensors are alive, expected 1");
});

it("expectGradient passes a right gradient and catches a wrong one, without leaks", async () => {
  const input = tf.tensor2d([[0.3, -0.7]]);
  await expectNoLeak(() => expectGradient((x) => tf.square(x), [input]));
  const wrong = tf.customGrad((x) => ({
    value: tf.square(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, 3),
  }));
  expect(() => expectGradient((x) => wrong(x), [input])).toThrow("expectGradient: input 0 element 0");
  input.dispose();
});
