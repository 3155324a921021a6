import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

beforeAll(() => useBackend("wasm"));

describe("batchMatMul", () => {
  it.each([
    [[4, 5], [5, 6], false, false],
    [[5, 4], [5, 6], true, false],
    [[4, 5], [6, 5], false, true],
    [[5, 4], [6, 5], true, true],
    [[1, 5], [1, 6], true, false],
    [[3, 4, 5], [3, 5, 6], false, false],
    [[3, 5, 4], [3, 6, 5], true, true],
    [[1, 4, 5], [3, 5, 6], false, false],
    [[2, 3, 4, 5], [2, 3, 6, 5], false, true],
    [[0, 5], [5, 6], false, false],
    [[4, 0], [0, 6], false, false],
    [[0, 4, 5], [0, 5, 6], false, false],
  ])("[%s]·[%s], transposed %s %s", async (shapeA, shapeB, transposeA, transposeB) => {
    await expectAsOnCpu(() => tf.matMul(normal(shapeA), normal(shapeB, 2), transposeA, transposeB));
  });

  it("multiplies with the right numbers when one tensor is the right side in two shapes", async () => {
    await expectAsOnCpu(() => {
      const b = normal([6, 4]);
      const one = tf.matMul(normal([3, 6], 2), b);
      const other = tf.matMul(normal([3, 4], 3), tf.reshape(b, [4, 6]));
      return tf.concat([one, other], 1);
    });
  });

  it("has the gradient of central differences", () => {
    const [a, b] = [normal([2, 3, 2]), normal([2, 4, 3], 2)];
    expectGradient((x, y) => tf.matMul(x, y, true, true), [a, b]);
    tf.dispose([a, b]);
  });

  it("names the shapes that do not fit", () => {
    const [a, b] = [tf.zeros([2, 3]), tf.zeros([4, 5])];
    const run = () =>
      tf
        .engine()
        .runKernel("BatchMatMul", { a, b }, { transposeA: true, transposeB: false } as unknown as tf.NamedAttrMap);
    expect(run).toThrow("matMul: inner sizes of [2,3]ᵀ and [4,5] differ: 2 and 4");
    tf.dispose([a, b]);
  });
});
