import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";
import { registerNative } from "../index";

type Pad = number | "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];
type Case = { x: number[]; filter: number[]; stride?: number | [number, number]; pad?: Pad };

const cases: Case[] = [
  { x: [2, 9, 11, 8], filter: [3, 3, 8, 16], pad: "same" },
  { x: [2, 9, 11, 8], filter: [3, 3, 8, 16], pad: 1 },
  { x: [1, 13, 10, 32], filter: [3, 3, 32, 48], pad: "valid" },
  { x: [2, 9, 11, 8], filter: [3, 3, 8, 16], stride: 2, pad: "same" },
  { x: [2, 10, 11, 8], filter: [3, 3, 8, 16], stride: 2, pad: 1 },
  { x: [2, 10, 10, 5], filter: [1, 1, 5, 7], stride: 2, pad: "valid" },
  { x: [2, 6, 6, 64], filter: [1, 1, 64, 32], pad: 0 },
  { x: [1, 21, 20, 3], filter: [7, 7, 3, 16], stride: 2, pad: 3 },
  { x: [1, 9, 9, 3], filter: [3, 2, 3, 1], stride: [1, 2], pad: "same" },
  { x: [3, 1, 1, 17], filter: [1, 1, 17, 1], pad: "valid" },
  {
    x: [1, 7, 8, 4],
    filter: [3, 3, 4, 6],
    pad: [
      [0, 0],
      [2, 0],
      [1, 1],
      [0, 0],
    ],
  },
];
const convolve =
  ({ stride = 1, pad = 0 }: Case) =>
  (x: tf.Tensor, filter: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad as "same");

nativeSuite("convolution", () => {
  afterEach(() => registerNative());

  it.each(["auto", "direct"] as const)("forward and both gradients, algorithm %s", async (convolution) => {
    await registerNative({ convolution });
    for (const one of cases) {
      const inputs = () => [normal(one.x), normal(one.filter, 2, 0.2)] as const;
      const f = convolve(one);
      await expectSameAsCpu(() => f(...inputs()), { absolute: 2e-5 });
      if (typeof one.pad === "object") continue; // tfjs has no gradient there
      const loss = (x: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.mul(f(x, filter), normal(f(x, filter).shape, 3)));
      await expectSameAsCpu(() => tf.grads(loss)([...inputs()]), { absolute: 1e-4, plain: ["Tile"] });
    }
  });

  it.each([
    [20, 64],
    [9, 128],
  ])(
    "gives by Winograd what it gives directly, maps of %d, %d channels (large tiles, small ones)",
    async (side, channels) => {
      const f = convolve({ x: [], filter: [], pad: 1 });
      const computed = async (convolution: "auto" | "direct") => {
        await registerNative({ convolution });
        return tf.tidy(() => {
          const inputs = [normal([2, side, side, channels]), normal([3, 3, channels, channels], 2, 0.1)];
          const [x, filter] = inputs as [tf.Tensor, tf.Tensor];
          return [f(x, filter), ...tf.grads(f)(inputs, normal(x.shape, 3))].map((one) => one.dataSync<"float32">());
        });
      };
      const [winograd, direct] = [await computed("auto"), await computed("direct")];
      for (const [i, values] of winograd.entries()) {
        const most = direct[i]!.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const worst = values.reduce((a, b, j) => Math.max(a, Math.abs(b - direct[i]![j]!)), 0);
        expect(worst / most).toBeLessThan(5e-6);
        expect(worst).toBeGreaterThan(0); // another algorithm it was
      }
    },
  );

  it("dilates", async () => {
    await expectSameAsCpu(
      () =>
        tf.conv2d(normal([1, 12, 11, 6]) as tf.Tensor4D, normal([3, 3, 6, 8], 2) as tf.Tensor4D, 1, "same", "NHWC", 2),
      { absolute: 2e-5 },
    );
  });

  it("adds a bias and cuts by relu, which shows NaN", async () => {
    const fused = (bias: tf.Tensor1D, activation: "relu" | "linear") =>
      tf.fused.conv2d({
        x: normal([2, 7, 9, 8]) as tf.Tensor4D,
        filter: normal([3, 3, 8, 12], 2) as tf.Tensor4D,
        strides: 1,
        pad: 1,
        bias,
        activation,
      });
    await expectSameAsCpu(
      () => [fused(normal([12], 3) as tf.Tensor1D, "relu"), fused(normal([12], 3) as tf.Tensor1D, "linear")],
      { absolute: 2e-5 },
    );
    const values = tf.tidy(() => fused(tf.fill([12], Number.NaN) as tf.Tensor1D, "relu").dataSync());
    expect(values.every(Number.isNaN)).toBe(true);
  });

  it("shows NaN and infinity in inputs and filters", () => {
    tf.tidy(() => {
      const x = tf.fill([1, 8, 8, 4], Number.NaN) as tf.Tensor4D;
      const y = tf.conv2d(x, normal([3, 3, 4, 4]) as tf.Tensor4D, 1, 1).dataSync();
      expect(y.every(Number.isNaN)).toBe(true);
    });
  });

  it("takes empty batches", async () => {
    const f = convolve({ x: [], filter: [], pad: 1 });
    await expectSameAsCpu(() => f(normal([0, 5, 5, 3]), normal([3, 3, 3, 4])));
    const [dx, dfilter] = tf.grads((x, filter) => tf.sum(f(x, filter)))([normal([0, 5, 5, 3]), normal([3, 3, 3, 4])]);
    expect([dx!.shape, [...new Set(dfilter!.dataSync())]]).toEqual([[0, 5, 5, 3], [0]]);
  });

  it("is the same bit for bit every time, and on slices and reshapes of other tensors", () => {
    tf.tidy(() => {
      const [x, filter] = [normal([2, 20, 20, 32]), normal([3, 3, 32, 32], 2)];
      const f = convolve({ x: [], filter: [], pad: 1 });
      const first = f(x, filter).dataSync();
      for (let i = 0; i < 3; i++) expect(f(x, filter).dataSync()).toEqual(first);
      const wide = tf.concat([x, x], 0);
      expect(f(tf.slice(wide, [2, 0, 0, 0], [2, 20, 20, 32]), filter).dataSync()).toEqual(first);
      expect(f(tf.reshape(tf.reshape(x, [-1]), x.shape), filter).dataSync()).toEqual(first);
    });
  });

  it.each(["auto", "direct"] as const)(
    "keeps prepared filters without changing a bit, algorithm %s",
    async (algorithm) => {
      await registerNative({ convolution: algorithm });
      const maps = [20, 9, 20, 9, 9, 10].map((side) => normal([2, side, side, 128])); // 9: Winograd's small tiles
      const filter = tf.variable(normal([3, 3, 128, 160], 2, 0.1) as tf.Tensor4D);
      const all = () => {
        const f = convolve({ x: [], filter: [], pad: 1 });
        return maps.flatMap((x) => {
          const [y, dx] = tf.tidy(() => {
            const { value, grads } = tf.valueAndGrads((x, w) => tf.sum(tf.square(f(x, w))))([x, tf.clone(filter)]);
            return [value.dataSync()[0]!, grads[0]!.dataSync()[77]!];
          });
          return [y, dx];
        });
      };
      const first = all();
      expect(all()).toEqual(first);
      expect(all()).toEqual(first);
      const other = tf.mul(filter, 2) as tf.Tensor4D;
      filter.assign(other);
      const doubled = all();
      for (const [i, value] of doubled.entries()) expect(value / first[i]!).toBeCloseTo(4, 4);
      tf.dispose([...maps, filter, other]);
    },
  );

  it("refuses shapes that do not fit", () => {
    tf.tidy(() => {
      const attributes = { strides: 1, pad: 1, dataFormat: "NHWC", dilations: 1 };
      const run =
        (name: string, inputs: object, more = {}) =>
        () =>
          tf.engine().runKernel(name, inputs as never, { ...attributes, ...more });
      const [x, filter] = [normal([1, 4, 4, 3]), normal([3, 3, 3, 5])];
      expect(run("Conv2D", { x, filter: normal([3, 3, 4, 5]) })).toThrow(
        "filter [3,3,4,5] (KH, KW, I, O) does not fit x [1,4,4,3]",
      );
      expect(run("Conv2D", { x: normal([4, 4, 3]), filter })).toThrow("does not fit x [4,4,3]");
      const dy = normal([1, 4, 4, 6]);
      expect(run("Conv2DBackpropInput", { dy, filter }, { inputShape: [1, 4, 4, 3] })).toThrow(
        "dy must be [1,4,4,5], got [1,4,4,6]",
      );
      expect(run("Conv2DBackpropFilter", { x, dy }, { filterShape: [3, 3, 3, 5] })).toThrow("dy must be [1,4,4,5]");
    });
  });
});
