import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const exact = { relative: 0, absolute: 0 };
const whole = (...shape: number[]) => tf.cast(normal(shape, 6, 20), "int32");
const truth = (...shape: number[]) => tf.greater(normal(shape, 6), 0);

nativeSuite("reversals, mirrored borders, strided slices", () => {
  it("reverses along any axes", async () => {
    await expectSameAsCpu(() => {
      const x = normal([3, 4, 5]);
      return [
        ...[0, 1, 2, -1].map((axis) => tf.reverse(x, axis)),
        tf.reverse(x),
        tf.reverse(x, [0, 2]),
        tf.reverse(whole(3, 4), 1),
        tf.reverse(truth(3, 4), 0),
        tf.reverse(normal([0, 4]), 1),
        tf.image.flipLeftRight(normal([2, 3, 4, 3]) as tf.Tensor4D),
      ];
    }, exact);
  });

  it("slices in strides, forwards and backwards, with all masks", async () => {
    await expectSameAsCpu(() => {
      const x = normal([6, 7, 5]);
      return [
        tf.stridedSlice(x, [0, 0, 0], [6, 7, 5], [2, 3, 1]),
        tf.stridedSlice(x, [5, 6, 4], [0, 0, 0], [-1, -2, -3]),
        tf.stridedSlice(x, [1, 1, 1], [4, 4, 4], [1, 1, 1]),
        tf.stridedSlice(x, [-1, 0, 0], [-7, 7, 5], [-1, 1, 1]),
        tf.stridedSlice(x, [1, 1, 1], [2, 3, 4], [1, 2, 1], 0b101, 0b010),
        tf.stridedSlice(x, [1, 0], [3, 2], [1, 1], 0, 0, 0b01),
        tf.stridedSlice(x, [0, 2, 1], [1, 5, 2], [1, 2, 1], 0, 0, 0, 0b001),
        tf.stridedSlice(x, [2, 0, 1], [3, 7, 4], [1, 1, 1], 0, 0, 0, 0, 0b001),
        tf.stridedSlice(whole(5), [4], [0], [-2]),
      ];
    }, exact);
  });

  it("pads with mirrored borders", async () => {
    for (const mode of ["reflect", "symmetric"] as const)
      await expectSameAsCpu(
        () => [
          tf.mirrorPad(
            normal([4, 5, 3]),
            [
              [1, 2],
              [0, 3],
              [2, 0],
            ],
            mode,
          ),
          tf.mirrorPad(
            normal([4, 5]),
            [
              [3, 3],
              [4, 4],
            ],
            mode,
          ),
          tf.mirrorPad(whole(5), [[2, 1]], mode),
          tf.mirrorPad(
            normal([2, 3]),
            [
              [0, 0],
              [0, 0],
            ],
            mode,
          ),
        ],
        exact,
      );
  });

  it("moves blocks between pixels, channels and images", async () => {
    await expectSameAsCpu(
      () => [
        tf.depthToSpace(normal([2, 3, 5, 12]) as tf.Tensor4D, 2),
        tf.spaceToBatchND(
          normal([2, 4, 6, 3]),
          [2, 3],
          [
            [0, 0],
            [0, 0],
          ],
        ),
        tf.spaceToBatchND(
          normal([2, 3, 7, 3]),
          [2, 2],
          [
            [1, 0],
            [0, 1],
          ],
        ),
        tf.batchToSpaceND(
          normal([8, 2, 3, 3]),
          [2, 2],
          [
            [1, 0],
            [0, 2],
          ],
        ),
        tf.batchToSpaceND(normal([4, 2, 3]), [4], [[0, 0]]),
        tf.spaceToBatchND(
          whole(1, 4, 4, 1),
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
      ],
      exact,
    );
  });

  it("pads and repeats integers and truths, and shapes of many axes", async () => {
    await expectSameAsCpu(
      () => [
        tf.pad(
          whole(2, 3),
          [
            [1, 1],
            [0, 2],
          ],
          7,
        ),
        tf.pad(truth(3), [[1, 1]], 1),
        tf.tile(normal([2, 1, 3, 1, 2]), [1, 4, 1, 3, 1]),
        tf.tile(normal([1, 2, 1, 2, 1, 2]), [2, 1, 1, 1, 3, 1]),
      ],
      exact,
    );
  });

  it("refuses channels that are no blocks", () => {
    tf.tidy(() => {
      const attributes = { blockSize: 2, dataFormat: "NHWC" };
      expect(() => tf.engine().runKernel("DepthToSpace", { x: normal([1, 2, 2, 6]) }, attributes)).toThrow(
        "x [1,2,2,6] has no multiple of 2² channels",
      );
    });
  });
});
