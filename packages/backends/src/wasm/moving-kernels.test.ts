import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, kernel, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

beforeAll(() => useBackend("wasm"));

const int = (values: number[], shape = [values.length]) => tf.tensor(values, shape, "int32");

describe("tile, reverse and stridedSlice", () => {
  it.each([
    [[3], [4]],
    [
      [2, 3, 4],
      [2, 1, 3],
    ],
    [
      [2, 3, 4, 5],
      [1, 2, 2, 1],
    ],
    [
      [2, 1, 70],
      [1, 3, 1],
    ],
    [
      [1, 1],
      [1, 1],
    ],
    [
      [0, 3],
      [2, 2],
    ],
    [
      [2, 3],
      [0, 1],
    ],
  ])("tile [%s] by [%s]", async (shape, reps) => {
    await expectAsOnCpu(() => tf.tile(normal(shape), reps));
  });

  it.each([
    [[5], [0]],
    [
      [2, 3, 4],
      [0, 2],
    ],
    [
      [2, 3, 4, 5],
      [1, 2],
    ],
    [[2, 80], [0]],
    [[0, 3], [1]],
  ])("reverse [%s] along %s", async (shape, axes) => {
    await expectAsOnCpu(() => tf.reverse(normal(shape), axes));
  });

  it.each([
    [
      [7, 8],
      [1, 0],
      [7, 8],
      [2, 3],
    ],
    [
      [7, 8],
      [6, 7],
      [0, 0],
      [-2, -3],
    ],
    [
      [4, 6, 70],
      [0, 1, 0],
      [4, 6, 70],
      [2, 2, 1],
    ],
    [
      [7, 8],
      [0, 0],
      [7, 8],
      [1, 1],
    ],
    [
      [7, 8],
      [3, 0],
      [3, 8],
      [2, 1],
    ],
  ])("stridedSlice [%s] from [%s] to [%s] by [%s]", async (shape, begin, end, strides) => {
    await expectAsOnCpu(() => tf.stridedSlice(normal(shape), begin, end, strides));
  });

  it("keep integers and booleans what they are", async () => {
    await expectAsOnCpu(() => tf.tile(int([1, 2, 3]), [2]));
    await expectAsOnCpu(() => tf.reverse(int([1, 2, 3]), 0));
    await expectAsOnCpu(() => tf.stridedSlice(int([1, 2, 3, 4]), [3], [0], [-2]));
    await expectAsOnCpu(() => tf.tile(tf.tensor1d([1, 0], "bool"), [3]));
    await expectAsOnCpu(() => tf.reverse(tf.tensor1d([1, 0, 0], "bool"), 0));
  });

  it("have the gradients of central differences", () => {
    const x = normal([2, 3]);
    expectGradient((a) => tf.tile(a, [2, 2]), [x]);
    expectGradient((a) => tf.square(tf.reverse(a, 1)), [x]);
    x.dispose();
  });
});

describe("gather and unsortedSegmentSum", () => {
  it.each([
    [[5, 3], [4, 0, 0, 2], [4], 0, 0],
    [[5, 70], [4, 0, 0, 2], [2, 2], 0, 0],
    [[5, 3], [2, 0, 1, 1], [2, 2], 1, 0],
    [[2, 5, 3], [2, 0, 1, 1], [2, 2], 1, 1],
    [[5, 3], [], [0], 0, 0],
  ])("gather [%s] at %s", async (shape, indices, indexShape, axis, batchDims) => {
    await expectAsOnCpu(() => tf.gather(normal(shape), int(indices, indexShape), axis, batchDims));
  });

  it("gathers integers and booleans, and names an index outside", async () => {
    await expectAsOnCpu(() => tf.gather(int([7, 8, 9]), int([2, 2, 0])));
    await expectAsOnCpu(() => tf.gather(tf.tensor1d([1, 0], "bool"), int([1, 0])));
    const before = tf.backend().numDataIds();
    const run = (index: number) => tf.tidy(() => tf.gather(normal([5, 3]), int([0, index])));
    expect(() => run(5)).toThrow("gather: index 5 at 1 is outside [0, 5)");
    expect(() => run(-1)).toThrow("gather: index -1 at 1 is outside [0, 5)");
    expect(tf.backend().numDataIds()).toBe(before);
  });

  it("sums segments and drops rows of none", async () => {
    await expectAsOnCpu(() => tf.unsortedSegmentSum(normal([4, 3]), int([2, 0, 2, 1]) as tf.Tensor1D, 4));
    await expectAsOnCpu(() => tf.unsortedSegmentSum(normal([4]), int([2, -1, 2, 7]) as tf.Tensor1D, 3));
    await expectAsOnCpu(() =>
      tf.cast(tf.unsortedSegmentSum(int([1, 2, 3]), int([1, 1, 0]) as tf.Tensor1D, 2), "float32"),
    );
    await expectAsOnCpu(() => tf.unsortedSegmentSum(normal([0, 3]), int([]) as tf.Tensor1D, 2));
  });

  it("have the gradient of central differences", () => {
    const x = normal([4, 3]);
    const indices = int([3, 1, 1]);
    expectGradient((a) => tf.square(tf.gather(a, indices)), [x]);
    tf.dispose([x, indices]);
  });
});

describe("fusedBatchNorm, depthwise gradients and resizing", () => {
  it("normalises with statistics a channel, and of full shape", async () => {
    const positive = (shape: number[]) => tf.add(tf.abs(normal(shape, 3)), 0.1);
    await expectAsOnCpu(() =>
      tf.batchNorm(normal([2, 4, 5, 3]), normal([3], 2), positive([3]), normal([3], 4), normal([3], 5), 1e-5),
    );
    await expectAsOnCpu(() => tf.batchNorm(normal([2, 4, 5, 3]), normal([3], 2), positive([3])));
    await expectAsOnCpu(() => tf.batchNorm(normal([2, 3]), normal([2, 3], 2), positive([2, 3])));
    await expectAsOnCpu(() => tf.batchNorm(tf.zeros([0, 2, 2, 3]), normal([3], 2), positive([3])));
  });

  it("runs the gradients of depthwise convolutions on the cpu engine", async () => {
    const attributes = { strides: [1, 1], dilations: [1, 1], pad: "same" };
    const filterShape = [3, 3, 3, 2];
    await expectAsOnCpu(() =>
      kernel(
        "DepthwiseConv2dNativeBackpropFilter",
        { x: normal([1, 5, 4, 3]), dy: normal([1, 5, 4, 6], 2) },
        { ...attributes, filterShape },
      ),
    );
    await expectAsOnCpu(() =>
      kernel(
        "DepthwiseConv2dNativeBackpropInput",
        { dy: normal([1, 5, 4, 6], 2), filter: normal(filterShape) },
        { ...attributes, inputShape: [1, 5, 4, 3] },
      ),
    );
  });

  it("resizes with the adjoint as gradient, on images that are not square too", () => {
    const x = normal([1, 2, 3, 2]);
    expectGradient((a) => tf.image.resizeNearestNeighbor(a as tf.Tensor4D, [4, 6]), [x]);
    expectGradient((a) => tf.image.resizeNearestNeighbor(a as tf.Tensor4D, [5, 4]), [x]);
    expectGradient((a) => tf.image.resizeBilinear(a as tf.Tensor4D, [4, 5]), [x]);
    x.dispose();
  });
});
