import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const exact = { relative: 0, absolute: 0 };
const integers = (...shape: number[]) => tf.tidy(() => tf.cast(normal(shape, 5, 100), "int32"));
const truths = (...shape: number[]) => tf.tidy(() => tf.greater(normal(shape, 6), 0));

nativeSuite("movement", () => {
  it("transposes", async () => {
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [0, 3, 1, 2],
      [0, 2, 3, 1],
      [1, 0, 2, 3],
      [2, 0, 3, 1],
    ];
    for (const order of orders) await expectSameAsCpu(() => tf.transpose(normal([3, 4, 5, 6]), order), exact);
    await expectSameAsCpu(
      () => [
        tf.transpose(integers(3, 5)),
        tf.transpose(truths(3, 5)),
        tf.transpose(normal([0, 5])),
        tf.transpose(normal([4])),
      ],
      exact,
    );
    await expectSameAsCpu(() => tf.transpose(normal([1, 7, 1, 9, 2]), [3, 0, 1, 4, 2]), exact);
  });

  it("slices and splits", async () => {
    await expectSameAsCpu(() => {
      const x = normal([4, 5, 6]);
      return [
        tf.slice(x, [1, 2, 0], [2, 3, -1]),
        tf.slice(x, 2),
        tf.slice(x, [0, 0, 5], [4, 5, 1]),
        tf.slice(x, [4, 0, 0], [0, 5, 6]),
        ...tf.split(x, [2, 3], 1),
        ...tf.split(x, 2, 0),
        ...tf.split(x, 3, -1),
        ...tf.unstack(x, 1),
        ...tf.unstack(x),
      ];
    }, exact);
    await expectSameAsCpu(
      () => [
        tf.slice(integers(5, 4), [1, 1], [3, 2]),
        tf.slice(truths(5, 4), [1, 1], [3, 2]),
        ...tf.unstack(truths(2, 3)),
      ],
      exact,
    );
  });

  it("joins and stacks", async () => {
    await expectSameAsCpu(() => {
      const [a, b] = [normal([4, 5, 6]), normal([4, 2, 6], 2)];
      return [
        tf.concat([a, b], 1),
        tf.concat([a, a], 0),
        tf.concat([a, a, a], -1),
        tf.stack([a, a], 0),
        tf.stack([b, b, b], 3),
        tf.stack([b, b], -1),
        tf.concat([a, normal([4, 0, 6])], 1),
      ];
    }, exact);
    await expectSameAsCpu(
      () => [
        tf.concat([integers(2, 3), integers(1, 3)]),
        tf.concat([truths(2, 3), truths(1, 3)]),
        tf.stack([integers(3), integers(3)]),
      ],
      exact,
    );
    expect(() => tf.concat([normal([2, 3]), normal([2, 4])], 0)).toThrow();
  });

  it("pads and tiles", async () => {
    await expectSameAsCpu(() => {
      const x = normal([4, 5, 6]);
      return [
        tf.pad(
          x,
          [
            [1, 2],
            [0, 1],
            [3, 0],
          ],
          0.5,
        ),
        tf.pad(x, [
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
        tf.pad(normal([0, 2]), [
          [1, 0],
          [1, 1],
        ]),
        tf.pad(
          x,
          [
            [1, 1],
            [1, 1],
            [1, 1],
          ],
          -Infinity,
        ),
      ];
    }, exact);
    await expectSameAsCpu(
      () => [
        tf.tile(normal([4, 5, 6]), [2, 1, 3]),
        tf.tile(integers(3), [4]),
        tf.tile(truths(1, 3), [4, 1]),
        tf.tile(normal([2, 3]), [0, 2]),
      ],
      exact,
    );
  });

  it("gives results memory of their own", () => {
    const x = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8]);
    const part = tf.slice(x, 2, 4);
    const array = part.dataSync() as Float32Array;
    array.fill(9);
    expect([...x.dataSync()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    tf.dispose([x, part]);
  });
});
