import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const exact = { relative: 0, absolute: 0 };
const at = (values: number[], ...shape: number[]) => tf.tensor(values, shape, "int32");
const whole = (...shape: number[]) => tf.cast(normal(shape, 6, 20), "int32");

nativeSuite("indexing", () => {
  it("gathers by several indices", async () => {
    await expectSameAsCpu(
      () => [
        tf.gatherND(normal([4, 5]), at([0, 1, 3, 4, 0, 1], 3, 2)),
        tf.gatherND(normal([4, 5, 6]), at([0, 1, 3, 4], 2, 2)),
        tf.gatherND(normal([4, 5, 6]), at([3, 0, 3], 3, 1)),
        tf.gatherND(normal([4, 5]), at([3, 0, 1, 1], 2, 1, 2)),
        tf.gatherND(whole(4, 5), at([3, 0], 1, 2)),
        tf.gatherND(normal([4, 5]), at([], 0, 2)),
      ],
      exact,
    );
    expect(() => tf.gatherND(normal([4, 5]), at([4, 0], 1, 2))).toThrow("index 4 is not in [0, 4)");
  });

  it("writes rows over a copy of a tensor, the last of several", async () => {
    await expectSameAsCpu(
      () => [
        tf.tensorScatterUpdate(normal([4, 3]), at([1, 3, 1], 3, 1), normal([3, 3], 2)),
        tf.tensorScatterUpdate(normal([4, 3]), at([1, 0, 2, 2], 2, 2), normal([2], 2)),
        tf.tensorScatterUpdate(whole(4), at([3], 1, 1), whole(1)),
      ],
      exact,
    );
    const x = normal([4, 3]);
    const before = [...x.dataSync()];
    expect(() => tf.tensorScatterUpdate(x, at([-1], 1, 1), normal([1, 3]))).toThrow("index -1 is not in [0, 4)");
    tf.dispose(tf.tensorScatterUpdate(x, at([0], 1, 1), normal([1, 3], 9)));
    expect([...x.dataSync()]).toEqual(before);
    x.dispose();
  });

  it("sums segments: tfjs' gradient of gather, along any axis", async () => {
    await expectSameAsCpu(() => [
      tf.unsortedSegmentSum(normal([6, 4]), at([2, 0, 2, 5, 0, 2], 6) as tf.Tensor1D, 4),
      tf.unsortedSegmentSum(normal([3, 2, 4]), at([1, 1, -1], 3) as tf.Tensor1D, 3),
      tf.unsortedSegmentSum(normal([5]), at([0, 1, 0, 1, 0], 5) as tf.Tensor1D, 2),
    ]);
    for (const axis of [0, 1, 2])
      await expectSameAsCpu(() =>
        tf.grad((x) => tf.sum(tf.square(tf.gather(x, at([1, 0, 1, 1], 4), axis))))(normal([3, 4, 2])),
      );
  });

  it("takes the gradient of a gather of 18,000 rows in milliseconds, the same bits with one thread and two", () => {
    const rows = at(
      Array.from({ length: 18_000 }, (_, i) => (i * 7919) % 9_000),
      18_000,
    );
    const x = normal([18_000, 80]);
    const gradient = tf.grad((all) => tf.sum(tf.gather(all, rows)));
    const startedAt = performance.now();
    const dx = gradient(x);
    const elapsedMs = performance.now() - startedAt;
    expect([dx.dataSync()[0], dx.dataSync()[80 * 8_999], dx.dataSync()[80 * 9_000]]).toEqual([2, 2, 0]);
    expect(elapsedMs).toBeLessThan(500);
    tf.dispose([rows, x, dx]);
  });

  it("makes one-hot rows", async () => {
    await expectSameAsCpu(
      () => [
        tf.oneHot(at([1, 0, 3], 3), 4),
        tf.oneHot(at([1, -1, 9, 3], 2, 2), 4, 2.5, -1, "float32"),
        tf.oneHot(at([], 0), 4),
        tf.oneHot(at([1, 1], 2), 2, 1, 0, "bool"),
      ],
      exact,
    );
  });

  it("counts", async () => {
    await expectSameAsCpu(() => [
      tf.range(0, 9, 1, "int32"),
      tf.range(5, -5, -2, "int32"),
      tf.range(5, 0),
      tf.range(0, 1, 0.125),
      tf.range(3, 3),
      tf.range(0, 5, -1),
      tf.linspace(0, 1, 11),
      tf.linspace(3, -2, 6),
      tf.linspace(2, 5, 1),
    ]);
  });

  it("refuses indices and segments that do not fit", () => {
    tf.tidy(() => {
      const run = () =>
        tf.engine().runKernel("UnsortedSegmentSum", { x: normal([3, 2]), segmentIds: at([0], 1) }, { numSegments: 2 });
      expect(run).toThrow("wanted a segment for each row of x [3,2], got [1]");
    });
  });
});
