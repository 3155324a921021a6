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

  it("writes over a weight and a velocity that nobody else has, and makes the convolution see it", () => {
    const gradient = tf.ones([1, 1, 4, 8]);
    const x = normal([1, 2, 2, 4]) as tf.Tensor4D;
    const start = tf.mul(normal([1, 1, 4, 8], 2), 1) as tf.Tensor4D;
    const weight = tf.variable(start);
    start.dispose();
    const convolve = () => tf.tidy(() => tf.conv2d(x, weight, 1, 0).dataSync());
    const expected = () => tf.tidy(() => tf.matMul(tf.reshape(x, [4, 4]), tf.reshape(weight, [4, 8])).dataSync());
    let velocity: tf.Tensor | undefined;
    const ids = new Set<object>();
    for (let i = 0; i < 4; i++) {
      const [w, v] = step({ weight, gradient, ...(velocity && { velocity }) });
      weight.assign(w as tf.Tensor4D);
      tf.dispose([w, ...(velocity ? [velocity] : [])]);
      velocity = v;
      ids.add(weight.dataId);
      for (const repeat of [1, 2, 3]) {
        const [made, wanted] = [convolve(), expected()];
        made.forEach((value, at) => {
          if (Math.abs(value - wanted[at]!) > 1e-5)
            throw new Error(`step ${i}, use ${repeat}: ${value}, ${wanted[at]}`);
        });
      }
    }
    expect(ids.size).toBe(1);
    tf.dispose([gradient, x, weight, velocity!]);
  });

  it("leaves a copy alone that was taken between two steps", () => {
    const gradient = tf.ones([600]);
    const weight = tf.variable(tf.mul(tf.ones([600]), 2));
    const averages: tf.Tensor[] = [];
    for (let i = 0; i < 3; i++) {
      averages.push(tf.clone(weight), tf.slice(weight, 10, 5));
      tf.tidy(() => weight.assign(step({ weight, gradient }, { decay: 0 })[0]!));
    }
    expect(averages.map((one) => one.dataSync()[0]!.toFixed(3))).toEqual([
      "2.000",
      "2.000",
      "1.900",
      "1.900",
      "1.800",
      "1.800",
    ]);
    tf.dispose([gradient, weight, ...averages]);
  });

  it("refuses a gradient of another shape", () => {
    const [weight, gradient] = [normal([3]), normal([4])];
    expect(() => step({ weight, gradient })).toThrow("gradient [4] is not of weight's shape [3]");
    tf.dispose([weight, gradient]);
  });
});
