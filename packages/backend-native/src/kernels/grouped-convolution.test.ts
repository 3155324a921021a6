import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const map = (shape: number[], seed?: number) => normal(shape, seed) as tf.Tensor4D;
type Depthwise = { x: number[]; filter: number[]; stride: number; pad: number | "same" | "valid" };
const depthwise: Depthwise[] = [
  { x: [2, 9, 11, 8], filter: [3, 3, 8, 1], stride: 1, pad: "same" },
  { x: [1, 10, 7, 5], filter: [3, 2, 5, 2], stride: 2, pad: 1 },
  { x: [1, 6, 6, 3], filter: [1, 1, 3, 4], stride: 1, pad: "valid" },
  { x: [2, 12, 12, 33], filter: [5, 5, 33, 1], stride: 2, pad: 2 },
  { x: [0, 5, 5, 2], filter: [3, 3, 2, 1], stride: 1, pad: 1 },
];

const around = (padding: number) =>
  [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ] as [number, number][];

/** By definition: each group of channels apart, a product for every tap. */
function byDefinition(x: tf.Tensor4D, filter: tf.Tensor4D, { stride, padding, dilation, groups }: Grouped): tf.Tensor {
  const [height, width, inputs, outputs] = filter.shape;
  const filters = tf.split(filter, groups, 3);
  const parts = tf.split(x, groups, 3).map((part, group) => {
    const padded = tf.pad(part, around(padding));
    const places = (axis: 1 | 2, taps: number, tap: number) => {
      const count = Math.floor((padded.shape[axis]! - dilation * (taps - 1) - 1) / stride) + 1;
      return tf.tensor1d(
        Array.from({ length: count }, (_, index) => index * stride + tap * dilation),
        "int32",
      );
    };
    const taps: tf.Tensor[] = [];
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        const seen = tf.gather(tf.gather(padded, places(1, height, i), 1), places(2, width, j), 2);
        const tap = tf.slice(filters[group]!, [i, j, 0, 0], [1, 1, inputs, outputs / groups]);
        const flat = tf.reshape(seen, [seen.size / inputs, inputs]);
        const product = tf.matMul(flat, tf.reshape(tap, [inputs, outputs / groups]));
        taps.push(tf.reshape(product, [...seen.shape.slice(0, 3), outputs / groups]));
      }
    return tf.addN(taps);
  });
  return tf.concat(parts, 3);
}

type Grouped = { x: number[]; filter: number[]; stride: number; padding: number; dilation: number; groups: number };
const grouped: Grouped[] = [
  { x: [2, 8, 9, 8], filter: [3, 3, 4, 6], stride: 1, padding: 1, dilation: 1, groups: 2 },
  { x: [1, 13, 10, 32], filter: [3, 3, 4, 32], stride: 2, padding: 1, dilation: 1, groups: 8 },
  { x: [2, 11, 12, 6], filter: [3, 3, 6, 4], stride: 1, padding: 2, dilation: 2, groups: 1 },
  { x: [1, 11, 13, 6], filter: [3, 2, 3, 4], stride: 2, padding: 2, dilation: 3, groups: 2 },
  { x: [1, 5, 5, 4], filter: [1, 1, 1, 8], stride: 1, padding: 0, dilation: 1, groups: 4 },
  { x: [1, 7, 7, 64], filter: [3, 3, 2, 64], stride: 1, padding: 1, dilation: 1, groups: 32 },
  { x: [2, 7, 9, 32], filter: [3, 3, 8, 32], stride: 2, padding: 1, dilation: 1, groups: 4 },
];

nativeSuite("grouped and depthwise convolution", () => {
  it.each(depthwise)("depthwise forward and both gradients %o", async ({ x, filter, stride, pad }) => {
    const f = (a: tf.Tensor, b: tf.Tensor) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad as "same");
    await expectSameAsCpu(() => f(map(x), map(filter, 2)), { absolute: 2e-5 });
    if (x[0] === 0) return;
    const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(f(a, b), normal(f(a, b).shape, 3)));
    await expectSameAsCpu(() => tf.grads(loss)([map(x), map(filter, 2)]), { absolute: 1e-4 });
  });

  it("depthwise with dilation, bias and activation", async () => {
    await expectSameAsCpu(() => tf.depthwiseConv2d(map([1, 9, 8, 4]), map([3, 3, 4, 2], 2), 1, "same", "NHWC", 2), {
      absolute: 2e-5,
    });
    for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid"] as const)
      await expectSameAsCpu(
        () =>
          tf.fused.depthwiseConv2d({
            ...{ x: map([1, 9, 8, 4]), filter: map([3, 3, 4, 2], 2), strides: 1, pad: 1 },
            ...{ bias: normal([8], 3) as tf.Tensor1D, activation },
          }),
        { absolute: 2e-5 },
      );
  });

  it.each(grouped)("groups and dilation, forward and both gradients, are the definition's: %o", (one) => {
    tf.tidy(() => {
      const { stride, padding, dilation, groups } = one;
      const [x, filter, bias] = [map(one.x), map(one.filter, 2), normal([one.filter[3]!], 4)];
      const attributes = { strides: stride, pad: around(padding), dilations: dilation, groups };
      const run = (name: string, inputs: tf.NamedTensorMap, more = {}) =>
        tf.engine().runKernel(name, inputs, { ...attributes, ...more }) as tf.Tensor;
      const near = (made: tf.Tensor, expected: tf.Tensor) => {
        expect(made.shape).toEqual(expected.shape);
        expect(tf.max(tf.abs(tf.sub(made, expected))).dataSync()[0]).toBeLessThan(5e-5);
      };
      const expected = byDefinition(x, filter, one);
      near(run("LadConv2d", { x, filter, bias }), tf.add(expected, bias));
      const dy = normal(expected.shape, 5);
      const [dx, dfilter] = tf.grads((a, b) =>
        tf.sum(tf.mul(byDefinition(a as tf.Tensor4D, b as tf.Tensor4D, one), dy)),
      )([x, filter]);
      near(run("LadConv2dInputGradient", { dy, filter }, { inputShape: x.shape }), dx!);
      near(run("LadConv2dFilterGradient", { x, dy }, { filterShape: filter.shape }), dfilter!);
    });
  });

  it("refuses groups and shapes that do not fit, and takes nothing for what it is", () => {
    tf.tidy(() => {
      const run = (x: number[], filter: number[], groups: number) =>
        tf
          .engine()
          .runKernel(
            "LadConv2d",
            { x: normal(x), filter: normal(filter) },
            { strides: 1, pad: 1, groups },
          ) as tf.Tensor;
      expect(() => run([1, 4, 4, 6], [3, 3, 2, 4], 2)).toThrow(
        "native LadConv2d: filter [3,3,2,4] (KH, KW, I, O; groups 2) does not fit x [1,4,4,6]",
      );
      expect(() => run([1, 4, 4, 6], [3, 3, 2, 4], 3)).toThrow("does not fit");
      expect(run([0, 4, 4, 6], [3, 3, 3, 4], 2).shape).toEqual([0, 4, 4, 4]);
    });
  });

  it("shows NaN in its own group only", () => {
    tf.tidy(() => {
      const x = tf.concat([tf.fill([1, 4, 4, 2], Number.NaN), tf.ones([1, 4, 4, 2])], 3);
      const y = tf
        .engine()
        .runKernel("LadConv2d", { x, filter: normal([3, 3, 2, 4]) }, { strides: 1, pad: 1, groups: 2 });
      const values = [...(y as tf.Tensor).dataSync()];
      expect(values.slice(0, 4).map(Number.isNaN)).toEqual([true, true, false, false]);
    });
  });
});
