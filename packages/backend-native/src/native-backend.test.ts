import { random } from "@lad/core";
import { convLayer, groupNormLayer } from "@lad/nn";
import { borrow, borrowAll, createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { nativeSuite, normal } from "../test/native-suite";

type Usage = { used: number; free: number; escaped: number; made: number };
const usage = () => ({ ...(tf.memory() as unknown as { pool: Usage }).pool });

/** Churns the pool so that memory wrongly given back would be written over. */
function churn(size: number): void {
  for (let i = 0; i < 4; i++) tf.dispose([tf.fill([size], -7), tf.fill([size], -8)]);
}

nativeSuite("memory of the native engine", () => {
  it("never changes an array that was read", async () => {
    const x = tf.add(tf.ones([1000]), 1);
    const read = x.dataSync();
    const awaited = await x.data();
    const buffer = x.bufferSync();
    x.dispose();
    churn(1000);
    expect([read[999], awaited[999], buffer.get(999)]).toEqual([2, 2, 2]);
  });

  it("keeps memory while a clone, reshape, cast or gathered view lives", () => {
    const x = tf.add(tf.ones([40, 25]), 1);
    const kin = [
      tf.clone(x),
      tf.reshape(x, [1000]),
      tf.expandDims(x),
      tf.cast(x, "float32"),
      tf.slice(x, [1, 0], [2, 25]),
      tf.stridedSlice(x, [0, 0], [40, 25], [2, 1]),
    ];
    x.dispose();
    churn(1000);
    for (const one of kin) {
      expect([...new Set(one.dataSync())]).toEqual([2]);
      one.dispose();
    }
  });

  it("does not write over the caller's array or the variable that was assigned", () => {
    const values = new Float32Array(500).fill(3);
    const x = tf.tensor1d(values);
    const variable = tf.variable(x);
    const sum = tf.add<tf.Tensor1D>(x, x);
    variable.assign(sum);
    tf.dispose([x, sum]);
    churn(500);
    expect([values[499], variable.dataSync()[499]]).toEqual([3, 6]);
    variable.dispose();
  });

  it("keeps the values of a tensor that was made on another engine", async () => {
    await tf.setBackend("cpu");
    const x = tf.ones([300]);
    await tf.setBackend("native");
    const doubled = tf.add(x, x);
    churn(300);
    expect([x.dataSync()[299], doubled.dataSync()[299]]).toEqual([1, 2]);
    tf.dispose([x, doubled]);
  });

  it("lends without letting memory escape, floats also for casts of truths", async () => {
    const x = tf.add(tf.ones([1000]), 1);
    const truth = tf.cast(tf.greater(x, 1), "float32");
    const { escaped } = usage();
    expect(await borrow(x, (values) => values[999])).toBe(2);
    const kinds = await borrowAll([x, truth], (all) => all.map((values) => [values.constructor.name, values[0]]));
    expect(kinds).toEqual([
      ["Float32Array", 2],
      ["Float32Array", 1],
    ]);
    expect(usage().escaped).toBe(escaped);
    tf.dispose([x, truth]);
    const text = tf.tensor1d(["a"]);
    await expect(borrow(text, () => 0)).rejects.toThrow("borrow: a tensor of string has no values to lend");
    text.dispose();
  });

  it("gives true figures, also after a kernel has thrown", () => {
    const before = usage().used;
    const x = tf.add(tf.ones([4096]), 1);
    expect(usage().used - before).toBe(16384);
    expect(tf.memory().unreliable).toBe(false);
    expect(() => tf.gather(x, tf.tensor1d([5000], "int32"))).toThrow("index 5000");
    x.dispose();
    expect(usage().used).toBe(before);
  });

  it("stays level over 300 training steps", () => {
    const conv = convLayer({ in: 3, out: 16, kernel: 3, bias: true, random: random(1) });
    const norm = groupNormLayer({ channels: 16, groups: 4 });
    const variables = [...conv.params.values(), ...norm.params.values()].map(({ variable }) => variable);
    const images = normal([1, 17, 19, 3]) as tf.Tensor4D;
    const step = () => {
      const tape = createTape();
      const loss = tape.run(() => tf.mean(tf.square(tf.relu(norm.forward(conv.forward(images))))));
      for (const [variable, gradient] of tape.gradients({ loss }, variables))
        tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, 0.01))));
      tape.end();
    };
    for (let i = 0; i < 20; i++) step();
    const [tensors, level] = [tf.memory().numTensors, usage()];
    for (let i = 0; i < 300; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(usage()).toMatchObject({ used: level.used, free: level.free, made: level.made, escaped: level.escaped });
    tf.dispose([images, ...variables]);
  });

  it("comes to the same bits every time", () => {
    const run = () =>
      tf.tidy(() => {
        const loss = (x: tf.Tensor, w: tf.Tensor) =>
          tf.sum(tf.square(tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1))));
        return tf
          .grads(loss)([normal([2, 24, 24, 16]), normal([3, 3, 16, 32], 2)])
          .map((gradient) => gradient.dataSync());
      });
    expect(run()).toEqual(run());
  });
});
