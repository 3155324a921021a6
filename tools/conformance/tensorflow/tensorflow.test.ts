import "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";

it("runs on TensorFlow where a test asks for the reference engine", async () => {
  await tf.setBackend("cpu");
  expect(tf.getBackend()).toBe("tensorflow");
  const { binding } = tf.backend() as { binding?: { TF_Version: string } };
  expect(binding?.TF_Version).toMatch(/^2\.\d+\./);
});

it("keeps the gradients that @lad/tensor mended, which tfjs-node would replace by tfjs' own", () => {
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.sum(tf.square(tf.unstack(x)[0]!)))(tf.ones([1, 3]))
      .dataSync(),
  );
  expect([...gradient]).toEqual([2, 2, 2]);
});

it("gives convolutions of no images their shape, which TensorFlow itself does not", () => {
  const none = tf.zeros<tf.Rank.R4>([0, 7, 8, 5]);
  const biased = tf.tidy(() => tf.add(tf.conv2d(none, tf.ones([3, 3, 5, 9]), 2, "valid"), tf.ones([9])));
  expect(biased.shape).toEqual([0, 3, 3, 9]);
  tf.dispose([none, biased]);
});

it("refuses what tfjs-node refuses: what @lad/nn works around", () => {
  const [x, filter] = [tf.ones<tf.Rank.R4>([1, 4, 4, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 1])];
  expect(() => tf.conv2d(x, filter, 1, 1)).toThrow("supports only 'valid' and 'same' padding");
  tf.dispose([x, filter]);
});
