import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const exact = { relative: 1e-6, absolute: 0 };
type Pad = number | "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];

nativeSuite("max pooling", () => {
  const cases: [number | [number, number], number, Pad][] = [
    [3, 2, 1],
    [3, 2, "same"],
    [2, 2, "valid"],
    [[2, 3], 1, "same"],
    [1, 2, 0],
    [
      3,
      2,
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
  ];
  it.each(cases)("size %s, stride %s, padding %s", async (size, stride, pad) => {
    for (const shape of [
      [2, 9, 11, 5],
      [1, 8, 8, 70],
      [0, 8, 8, 3],
    ] as const) {
      const usable = typeof pad === "string" ? undefined : "floor";
      const run = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, stride, pad as "same", usable);
      await expectSameAsCpu(() => run(normal(shape)), exact);
      await expectSameAsCpu(() => tf.avgPool(normal(shape) as tf.Tensor4D, size, stride, pad as "same", usable));
      if (typeof pad === "object") continue; // the plain gradient takes no explicit padding
      await expectSameAsCpu(() => tf.grad((x) => tf.sum(tf.square(run(x))))(normal(shape)), {
        relative: 1e-5,
        absolute: 1e-5,
        plain: ["Tile"],
      });
    }
  });

  it("gives ties to the first and NaN the window", () => {
    const gradient = (values: number[]) =>
      tf.tidy(() => [
        ...tf
          .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0))(tf.tensor4d(values, [1, 2, 2, 1]))
          .dataSync(),
      ]);
    expect(gradient([1, 1, 1, 1])).toEqual([1, 0, 0, 0]);
    expect(gradient([1, 2, Number.NaN, 3])).toEqual([0, 0, 1, 0]);
    const pooled = tf.tidy(() => tf.maxPool(tf.tensor4d([1, Number.NaN, 3, 2], [1, 2, 2, 1]), 2, 2, 0).dataSync()[0]);
    expect(pooled).toBeNaN();
  });

  it("refuses gradients of another shape", () => {
    const inputs = { dy: normal([1, 3, 3, 1]), input: normal([1, 4, 4, 1]), output: normal([1, 2, 2, 1]) };
    const attributes = { filterSize: 2, strides: 2, pad: 0 };
    expect(() => tf.engine().runKernel("MaxPoolGrad", inputs, attributes)).toThrow(
      "dy must be [1,2,2,1], got [1,3,3,1]",
    );
    tf.dispose(inputs);
  });

  it("averages' gradient is the definition's: padding takes no share", async () => {
    for (const [size, stride] of [
      [2, 2],
      [3, 1],
      [[2, 3], 2],
    ] as [number | [number, number], number][])
      await expectSameAsCpu(() =>
        tf.grad((x) => tf.sum(tf.square(tf.avgPool(x as tf.Tensor4D, size, stride, "valid"))))(normal([2, 7, 8, 70])),
      );
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.sum(tf.avgPool(x as tf.Tensor4D, 3, 3, 1, "floor")))(tf.ones([1, 5, 5, 1]))
        .dataSync(),
    );
    // windows of 4, 6, 6 and 9 pixels inside the map
    const [corner, edge, middle] = [1 / 4, 1 / 6, 1 / 9];
    const top = [corner, corner, edge, edge, edge];
    const bottom = [edge, edge, middle, middle, middle];
    [top, top, bottom, bottom, bottom].flat().forEach((share, index) => {
      expect(gradient[index]).toBeCloseTo(share, 6);
    });
  });
});
