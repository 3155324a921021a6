import "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { keepGradients } from "./keep-gradients";

it("puts replaced and removed gradients back and leaves new ones", () => {
  const [unpack, relu] = [tf.getGradient(tf.Unpack)!, tf.getGradient(tf.Relu)!];
  const restore = keepGradients();
  tf.unregisterGradient(tf.Unpack);
  tf.registerGradient({ ...unpack, gradFunc: () => ({}) });
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({ kernelName: "LadNew", gradFunc: () => ({}) });
  restore();
  expect(tf.getGradient(tf.Unpack)).toBe(unpack);
  expect(tf.getGradient(tf.Relu)).toBe(relu);
  expect(tf.getGradient("LadNew")).toBeDefined();
  tf.unregisterGradient("LadNew");
});
