import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { nativeSuite, normal } from "../../test/native-suite";

const step = (inputs: Record<string, tf.Tensor>, more = {}) =>
  tf.engine().runKernel("LadSgd", inputs, { rate: 0.1, momentum: 0.9, decay: 0.01, nesterov: false, ...more }) as [
    tf.Tensor,
    tf.Tensor,
  ];

nativeSuite("gradient descent", () => {
  it.each([
    [false, false],
    [true, false],
    [true, true],
    [false, true],
  ])("is torch's formula: started %s, nesterov %s", (started, nesterov) => {
    tf.tidy(() => {
      const [weight, gradient, velocity] = [normal([41, 3]), normal([41, 3], 2), normal([41, 3], 3)];
      const [w, v] = step(started ? { weight, gradient, velocity } : { weight, gradient }, { nesterov });
      const decayed = tf.add(gradient, tf.mul(weight, 0.01));
      const expectedV = started ? tf.add(tf.mul(velocity, 0.9), decayed) : decayed;
      const expectedW = tf.sub(weight, tf.mul(nesterov ? tf.add(decayed, tf.mul(expectedV, 0.9)) : expectedV, 0.1));
      for (const [made, expected] of [
        [w, expectedW],
        [v, expectedV],
      ] as const)
        expect(tf.max(tf.abs(tf.sub(made, expected))).dataSync()[0]).toBeLessThan(1e-6);
    });
  });

  it("changes no clone, slice, reshape, average or array that shares memory with the weight", () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const start = tf.tensor1d(values);
    const weight = tf.variable(start);
    const assign = (value: tf.Tensor) => weight.assign(value as tf.Tensor1D);
    const kin = [start, tf.clone(weight), tf.reshape(weight, [2, 3]), tf.slice(weight, 0, 6), tf.mul(weight, 1)];
    const read = weight.dataSync();
    for (let i = 0; i < 3; i++) {
      tf.tidy(() => assign(step({ weight, gradient: tf.ones([6]) })[0]));
      for (const one of kin) expect([...one.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
      expect([...read, ...values]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    }
    expect(weight.dataSync()[0]).not.toBe(1);
    tf.dispose([...kin, weight]);
  });

  it("refuses a gradient of another shape", () => {
    const [weight, gradient] = [normal([3]), normal([4])];
    expect(() => step({ weight, gradient })).toThrow("gradient [4] is not of weight's shape [3]");
    tf.dispose([weight, gradient]);
  });
});
