import { gatherRows } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const exact = { relative: 0, absolute: 0 };

nativeSuite("gather and scatter", () => {
  it("gathers along any axis, rows repeated", async () => {
    await expectSameAsCpu(() => {
      const x = normal([5, 6, 7]);
      const at = tf.tensor1d([4, 0, 0, 3], "int32");
      return [
        tf.gather(x, at),
        tf.gather(x, at, 1),
        tf.gather(x, at, 2),
        tf.gather(
          x,
          tf.tensor2d(
            [
              [1, 2],
              [3, 4],
            ],
            [2, 2],
            "int32",
          ),
          1,
        ),
        tf.gather(x, tf.tensor1d([], "int32")),
      ];
    }, exact);
    await expectSameAsCpu(
      () => tf.gather(normal([3, 4, 2]), tf.tensor2d([[1], [0], [3]], [3, 1], "int32"), 1, 1),
      exact,
    );
    await expectSameAsCpu(() => tf.gather(tf.range(0, 9, 1, "int32"), tf.tensor1d([8, 1], "int32")), {
      ...exact,
      plain: ["Range"],
    });
  });

  it("scatters sums", async () => {
    await expectSameAsCpu(() => [
      tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], "int32"), normal([3, 33]), [5, 33]),
      tf.scatterND(
        tf.tensor2d(
          [
            [1, 0],
            [3, 2],
            [1, 0],
          ],
          [3, 2],
          "int32",
        ),
        normal([3, 4]),
        [5, 3, 4],
      ),
      tf.scatterND(tf.tensor1d([2, 2, 0], "int32"), normal([3]), [4]),
    ]);
    await expectSameAsCpu(() =>
      tf.grad((x) => tf.sum(tf.square(gatherRows(x as tf.Tensor2D, Int32Array.of(4, 0, 4)))))(normal([6, 5])),
    );
  });

  it("throws at an index outside, and reads or writes nothing there", () => {
    tf.tidy(() => {
      expect(() => tf.gather(normal([5, 6]), tf.tensor1d([5], "int32"))).toThrow("index 5 is not in [0, 5)");
      expect(() => tf.gather(normal([5, 6]), tf.tensor1d([-1], "int32"))).toThrow("index -1");
      expect(() => tf.scatterND(tf.tensor2d([[7]], [1, 1], "int32"), normal([1, 2]), [5, 2])).toThrow(
        "index 7 is not in [0, 5)",
      );
    });
  });

  it("gathers and scatters 18,000 rows in milliseconds", () => {
    const rows = tf.tensor1d(
      Int32Array.from({ length: 18_000 }, (_, i) => (i * 7919) % 18_000),
      "int32",
    );
    const x = normal([18_000, 80]);
    const started = performance.now();
    const back = tf.tidy(() => tf.scatterND(tf.reshape(rows, [18_000, 1]), tf.gather(x, rows), [18_000, 80]));
    const elapsedMs = performance.now() - started;
    expect([...back.dataSync().slice(0, 500)]).toEqual([...x.dataSync().slice(0, 500)]);
    expect(elapsedMs).toBeLessThan(500);
    tf.dispose([rows, x, back]);
  });
});
