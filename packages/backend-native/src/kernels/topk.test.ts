import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";
import { registerNative } from "../index";

const both = (x: tf.Tensor, k: number) => {
  const { values, indices } = tf.topk(x, k);
  return [values, indices];
};
/** Many equal values. */
const coarse = (shape: number[]) => tf.floor(tf.mul(normal(shape), 2));

nativeSuite("topk", () => {
  afterEach(() => registerNative());

  it("is the plain one's, equal values by index", async () => {
    for (const [shape, k] of [
      [[7], 7],
      [[3, 50], 1],
      [[2, 3, 40], 9],
      [[5000], 300],
      [[4, 1], 1],
      [[3, 5], 0],
    ] as const) {
      await expectSameAsCpu(() => both(normal([...shape]), k));
      await expectSameAsCpu(() => both(coarse([...shape]), k));
      await expectSameAsCpu(() => both(tf.cast(coarse([...shape]), "int32"), k));
    }
    await expectSameAsCpu(() => both(tf.tensor1d([0, -0, -1e-45, 1e-45, Infinity, -Infinity, 3]), 7));
  });

  it.each([1, 2])(
    "picks 1000 of 1.45 million within milliseconds, sorted either way or not: %i threads",
    async (threads) => {
      await registerNative({ threads });
      const size = 1_450_000;
      const random = normal([size]);
      const ascending = tf.linspace(0, 1, size);
      for (const x of [random, ascending, tf.neg(ascending), tf.zerosLike(random)]) {
        const startedAt = performance.now();
        const { values, indices } = tf.topk(x, 1000);
        const elapsedMs = performance.now() - startedAt;
        const order = [...x.dataSync().keys()];
        const all = x.dataSync();
        const bound = values.dataSync()[999]!;
        const sorted = order.filter((at) => all[at]! >= bound).sort((a, b) => all[b]! - all[a]! || a - b);
        expect([...indices.dataSync()]).toEqual(sorted.slice(0, 1000));
        expect(elapsedMs).toBeLessThan(200);
        tf.dispose([values, indices]);
      }
      tf.dispose([random, ascending]);
    },
  );

  it("puts NaN first, where it is seen", () => {
    const [values, indices] = tf.tidy(() =>
      both(tf.tensor1d([1, Number.NaN, Infinity, 0]), 3).map((t) => [...t.dataSync()]),
    );
    expect([values, indices]).toEqual([
      [Number.NaN, Infinity, 1],
      [1, 2, 0],
    ]);
  });

  it("refuses a k that does not fit", () => {
    tf.tidy(() => {
      expect(() => tf.engine().runKernel("TopK", { x: normal([2, 3]) }, { k: 4, sorted: true })).toThrow(
        "k must be in [0, 3] for x [2,3], got 4",
      );
    });
  });
});
