import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise, noise4d, onEngines } from "../test/engines";
import { flattenLevels } from "./flatten-levels";
import { gatherRows } from "./gather-rows";

onEngines(() => {
  it("gatherRows takes rows by index from host or device", async () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const rows = Int32Array.of(2, 0, 2);
    const got = await expectNoLeak(() => gatherRows(x, rows), 1);
    expect(got.arraySync()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(gatherRows(x, tf.tensor1d(rows, "int32")).arraySync()).toEqual(got.arraySync());
  });

  it("gatherRows sums the gradients of a row that is taken twice", () => {
    expectGradient((x) => gatherRows(x as tf.Tensor2D, Int32Array.of(2, 0, 2)), [noise([4, 2])]);
    const rows = tf.tensor1d([3, 3, 1], "int32");
    expectGradient((x) => gatherRows(x as tf.Tensor2D, rows), [noise([4, 2])]);
  });

  it("gatherRows takes no rows, with a gradient of zeros and no leak", async () => {
    const x = tf.variable(noise([3, 2]) as tf.Tensor2D);
    await expectNoLeak(() => {
      const tape = createTape();
      const taken = tape.run(() => gatherRows(x, new Int32Array(0)));
      expect(taken.shape).toEqual([0, 2]);
      const loss = tape.run(() => tf.add(tf.sum(gatherRows(x, new Int32Array(0))), tf.mul(tf.sum(x), 0)));
      expect([...tape.gradients({ loss }, [x]).get(x)!.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
      tape.end();
    });
  });

  it("gatherRows is fast on the anchors of an image", () => {
    const x = tf.variable(tf.zeros([18_000, 80]) as tf.Tensor2D);
    const rows = Int32Array.from({ length: 500 }, (_, index) => index * 7);
    const started = performance.now();
    const tape = createTape();
    const loss = tape.run(() => tf.sum(gatherRows(x, rows)));
    const sum = tf.sum(tape.gradients({ loss }, [x]).get(x)!).dataSync()[0];
    tape.end();
    expect(sum).toBe(500 * 80);
    expect(performance.now() - started).toBeLessThan(5000); // unsortedSegmentSum takes far more
  });

  it("gatherRows refuses rows that are not there", () => {
    expect(() => gatherRows(tf.zeros([3, 2]), Int32Array.of(0, 3))).toThrow("gatherRows: row 3 is not in x [3,2]");
    expect(() => gatherRows(tf.zeros([3]) as tf.Tensor as tf.Tensor2D, Int32Array.of(0))).toThrow(
      "x must be [N, C], got shape [3]",
    );
  });

  it("flattenLevels goes level by level, rows, columns, anchors", async () => {
    const fine = tf.reshape(tf.range(0, 2 * 1 * 2 * 4), [2, 1, 2, 4]) as tf.Tensor4D; // 2 anchors of 2 values
    const coarse = tf.reshape(tf.range(100, 100 + 2 * 4), [2, 1, 1, 4]) as tf.Tensor4D;
    const got = await expectNoLeak(() => flattenLevels([fine, coarse], 2), 1);
    expect(got.arraySync()).toEqual([
      [0, 2, 4, 6, 100, 102].map((value) => [value, value + 1]),
      [8, 10, 12, 14, 104, 106].map((value) => [value, value + 1]),
    ]);
    expect(flattenLevels([coarse], 4).shape).toEqual([2, 1, 4]);
  });

  it("flattenLevels has a gradient and refuses what does not fit", () => {
    const maps = [noise4d([2, 2, 2, 4]), noise4d([2, 1, 1, 4])];
    expectGradient((...levels) => flattenLevels(levels as tf.Tensor4D[], 2), maps);
    expect(() => flattenLevels(maps, 3)).toThrow("map 0 must be [2, H, W, a multiple of 3], got [2,2,2,4]");
    expect(() => flattenLevels([], 3)).toThrow("at least one map is wanted");
  });
});
