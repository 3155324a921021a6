import "@tensorflow/tfjs-backend-cpu";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { mendTensorflow } from "./mend-tensorflow";

// the real engine's part is in tools/conformance/tensorflow; here a stand-in with its fault
const calls: string[] = [];
beforeAll(async () => {
  await tf.setBackend("cpu");
  for (const kernelName of [tf.Conv2D, tf.DepthwiseConv2dNative]) {
    const { kernelFunc, ...kernel } = tf.getKernel(kernelName, "cpu")!;
    tf.unregisterKernel(kernelName, "cpu");
    const faulty = (call: Parameters<typeof kernelFunc>[0]) => {
      calls.push(kernelName);
      const { x } = call.inputs as { x: tf.TensorInfo };
      return x.shape[0] === 0 ? tf.zeros(x.shape) : kernelFunc(call);
    };
    tf.registerKernel({ ...kernel, kernelFunc: faulty });
  }
  mendTensorflow("cpu");
});

describe("mendTensorflow", () => {
  it("gives convolutions of no images their shape, and leaves nothing behind", async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const none = tf.zeros<tf.Rank.R4>([0, 7, 8, 5]);
        expect(tf.conv2d(none, tf.ones([3, 3, 5, 9]), 2, "valid").shape).toEqual([0, 3, 3, 9]);
        expect(tf.conv2d(none, tf.ones([3, 3, 5, 9]), 1, "same").shape).toEqual([0, 7, 8, 9]);
        expect(tf.depthwiseConv2d(none, tf.ones([3, 3, 5, 2]), 1, "valid").shape).toEqual([0, 5, 6, 10]);
      });
    });
    expect(calls).toEqual([]);
  });

  it("leaves all others to the engine", () => {
    const sum = tf.tidy(() =>
      tf.conv2d(tf.ones<tf.Rank.R4>([1, 2, 2, 1]), tf.ones([2, 2, 1, 1]), 1, "valid").dataSync(),
    );
    expect([...sum]).toEqual([4]);
    expect(calls).toEqual(["Conv2D"]);
  });

  it("does nothing where the engine has no such kernels", () => expect(() => mendTensorflow("none")).not.toThrow());
});
