import { expectGradient } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAsOnCpu, kernel, normal } from "../../test/compare-with-cpu";
import { useBackend } from "../use-backend";

type Pad = number | "same" | "valid" | [[number, number], [number, number], [number, number], [number, number]];
const uneven: Pad = [
  [0, 0],
  [0, 1],
  [2, 1],
  [0, 0],
];

beforeAll(() => useBackend("wasm"));

// name, input [N, H, W, C], filter [kh, kw, C, O], strides, pad
const cases: [string, number[], number[], [number, number], Pad][] = [
  ["1×1", [2, 5, 6, 3], [1, 1, 3, 4], [1, 1], 0],
  ["1×1, stride 2", [2, 5, 6, 3], [1, 1, 3, 4], [2, 2], 0],
  ["3×3, pad 1", [2, 7, 6, 3], [3, 3, 3, 4], [1, 1], 1],
  ["3×3, same", [1, 7, 6, 3], [3, 3, 3, 4], [1, 1], "same"],
  ["3×3, valid", [1, 7, 6, 3], [3, 3, 3, 4], [1, 1], "valid"],
  ["3×3, stride 2, pad 1, odd", [2, 7, 9, 3], [3, 3, 3, 4], [2, 2], 1],
  ["3×3, stride 2, pad 1, even", [2, 8, 6, 3], [3, 3, 3, 4], [2, 2], 1],
  ["3×3, stride 2, same, even", [1, 8, 6, 3], [3, 3, 3, 4], [2, 2], "same"],
  ["3×3, stride 2, uneven pad", [2, 8, 9, 3], [3, 3, 3, 4], [2, 2], uneven],
  ["3×3, uneven pad", [2, 8, 9, 3], [3, 3, 3, 4], [1, 1], uneven],
  ["stride 1 down, 2 across", [1, 6, 9, 2], [3, 2, 2, 3], [1, 2], "valid"],
  ["stride 3 on 2×2: inputs that nothing reads", [1, 9, 10, 2], [2, 2, 2, 3], [3, 3], "valid"],
  ["7×7, stride 2, pad 3", [2, 18, 15, 3], [7, 7, 3, 5], [2, 2], 3],
  ["pad wider than the filter", [1, 4, 5, 2], [1, 1, 2, 3], [1, 1], 1],
  ["map smaller than the filter bank", [2, 3, 3, 8], [3, 3, 8, 40], [1, 1], 1],
  ["small map, stride 2", [1, 5, 4, 8], [3, 3, 8, 40], [2, 2], 1],
  ["several blocks of images", [9, 32, 32, 2], [3, 3, 2, 2], [1, 1], 1],
  ["several blocks of rows", [1, 100, 90, 2], [3, 3, 2, 2], [1, 1], 1],
  ["several blocks of rows, stride 2", [1, 200, 190, 1], [3, 3, 1, 2], [2, 2], 1],
];

const setup = (inputShape: number[], filterShape: number[], strides: [number, number], pad: Pad) => {
  const [x, filter] = [normal(inputShape) as tf.Tensor4D, normal(filterShape, 2) as tf.Tensor4D];
  const dy = normal(tf.conv2d(x, filter, strides, pad).shape, 3);
  return { x, filter, dy, attributes: { strides, pad, dataFormat: "NHWC" } };
};

describe("convFilterGradient", () => {
  it.each(cases)("%s", async (_, inputShape, filterShape, strides, pad) => {
    const scale = Math.sqrt(inputShape[0]! * inputShape[1]! * inputShape[2]!);
    await expectAsOnCpu(
      () => {
        const { x, dy, attributes } = setup(inputShape, filterShape, strides, pad);
        return kernel("Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape });
      },
      { absolute: 2e-5 * scale },
    );
  });

  it("is zero for no images", async () => {
    await expectAsOnCpu(() =>
      kernel(
        "Conv2DBackpropFilter",
        { x: tf.zeros([0, 4, 4, 2]), dy: tf.zeros([0, 4, 4, 3]) },
        { strides: 1, pad: "same", dataFormat: "NHWC", filterShape: [3, 3, 2, 3] },
      ),
    );
  });

  it("refuses NCHW", () => {
    const images = tf.zeros([1, 2, 4, 4]);
    const attributes = { strides: 1, pad: 0, dataFormat: "NCHW", filterShape: [1, 1, 2, 2] };
    expect(() => kernel("Conv2DBackpropFilter", { x: images, dy: images }, attributes)).toThrow(
      "conv2dBackpropFilter: wanted NHWC images, got NCHW",
    );
    images.dispose();
  });
});

describe("convInputGradient", () => {
  it.each(cases)("%s", async (_, inputShape, filterShape, strides, pad) => {
    await expectAsOnCpu(
      () => {
        const { filter, dy, attributes } = setup(inputShape, filterShape, strides, pad);
        return kernel("Conv2DBackpropInput", { dy, filter }, { ...attributes, inputShape });
      },
      { absolute: 1e-4 },
    );
  });

  it("is empty for no images", async () => {
    await expectAsOnCpu(() =>
      kernel(
        "Conv2DBackpropInput",
        { dy: tf.zeros([0, 2, 2, 3]), filter: normal([3, 3, 2, 3]) },
        { strides: 2, pad: "same", dataFormat: "NHWC", inputShape: [0, 4, 4, 2] },
      ),
    );
  });
});

describe("the gradient of a convolution on wasm", () => {
  it.each([
    ["3×3", [1, 4, 5, 2], [3, 3, 2, 3], 1, "same"],
    ["3×3, stride 2", [1, 5, 4, 2], [3, 3, 2, 2], 2, "same"],
    ["1×1", [2, 3, 2, 2], [1, 1, 2, 3], 1, "valid"],
  ] as const)("%s equals central differences", (_, inputShape, filterShape, stride, pad) => {
    const [x, filter] = [normal([...inputShape]), normal([...filterShape], 2)];
    expectGradient((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad), [x, filter]);
    tf.dispose([x, filter]);
  });

  it("is bit-identical from run to run and grows neither tensors nor the heap", () => {
    const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    const [x, filter] = [normal([2, 20, 20, 8]) as tf.Tensor4D, normal([3, 3, 8, 16], 2) as tf.Tensor4D];
    const step = () =>
      tf.tidy(() => {
        const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.square(tf.maxPool(tf.relu(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, "same")), 3, 2, 1))),
        )([x, filter]);
        return gradients.map((gradient) => gradient.dataSync());
      });
    const first = step();
    const before = { tensors: tf.memory().numTensors, ids: tf.backend().numDataIds(), heap: heap() };
    for (let i = 0; i < 300; i++) step();
    expect({ tensors: tf.memory().numTensors, ids: tf.backend().numDataIds(), heap: heap() }).toEqual(before);
    expect(step()).toEqual(first);
    tf.dispose([x, filter]);
  });
});
