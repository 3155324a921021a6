import { LadError } from "@lad/core";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noise, noise4d, onEngines, registerStrictEngine } from "../test/engines";
import { type Conv2dOptions, conv2d } from "./conv2d";

type Case = Omit<Conv2dOptions, "bias"> & { readonly kernel: number };
const cases: Case[] = [
  { kernel: 3, padding: 1 },
  { kernel: 3, stride: 2, padding: 1 },
  { kernel: 1, stride: 2 },
  { kernel: 3, padding: 2, dilation: 2 },
  { kernel: 2, stride: 2, dilation: 3, padding: 1 },
  { kernel: 3, padding: 1, groups: 2 },
  { kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 4 },
];

/** The definition, one output at a time. */
function reference(x: tf.Tensor4D, filter: tf.Tensor4D, { stride = 1, padding = 0, dilation = 1, groups = 1 }: Case) {
  const [batch, height, width] = x.shape;
  const [kernel, , inputs, outputs] = filter.shape;
  const side = (from: number) => Math.floor((from + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const shape = [batch, side(height), side(width), outputs] as const;
  const [map, taps] = [x.arraySync(), filter.arraySync()];
  const values: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let r = 0; r < shape[1]; r++)
      for (let c = 0; c < shape[2]; c++)
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (let i = 0; i < kernel; i++)
            for (let j = 0; j < kernel; j++)
              for (let k = 0; k < inputs; k++) {
                const [row, column] = [r * stride + i * dilation - padding, c * stride + j * dilation - padding];
                const channel = Math.floor((o * groups) / outputs) * inputs + k;
                sum += (map[b]![row]?.[column]?.[channel] ?? 0) * taps[i]![j]![k]![o]!;
              }
          values.push(sum);
        }
  return { shape: [...shape], values };
}

function expectReference(options: Case): void {
  const { kernel, groups = 1 } = options;
  const [x, filter] = [noise4d([2, 7, 6, 4]), noise4d([kernel, kernel, 4 / groups, 4], 2)];
  const expected = reference(x, filter, options);
  const got = conv2d(x, filter, options);
  expect(got.shape).toEqual(expected.shape);
  got.dataSync().forEach((value, index) => {
    expect(value).toBeCloseTo(expected.values[index]!, 4);
  });
}

onEngines((engine) => {
  it.each(cases)("conv2d is the sum over taps: %o", expectReference);

  it("conv2d adds the bias, whose gradient is the sum over pixels, and leaves one tensor", async () => {
    const [x, filter, bias] = [noise4d([2, 3, 4, 2]), noise4d([1, 1, 2, 3], 2), tf.tensor1d([1, 2, 3])];
    const difference = tf.sub(conv2d(x, filter, { bias }), conv2d(x, filter));
    difference.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo((index % 3) + 1, 5);
    });
    await expectNoLeak(() => conv2d(x, filter, { bias }), 1);
    expectGradient((shift) => conv2d(x, filter, { bias: shift! }), [bias]);
  });

  it.each(cases)("conv2d has gradients: %o", ({ kernel, ...options }) => {
    const [x, filter] = [noise4d([1, 5, 4, 4]), noise4d([kernel, kernel, 4 / (options.groups ?? 1), 4], 2)];
    expectGradient((map) => conv2d(map as tf.Tensor4D, filter, options), [x]);
    // wasm has no filter gradient of its own
    if (engine === "cpu") expectGradient((taps) => conv2d(x, taps as tf.Tensor4D, options), [filter]);
  });

  it("conv2d refuses what does not fit", () => {
    const [x, filter] = [tf.zeros([1, 4, 4, 3]) as tf.Tensor4D, tf.zeros([3, 3, 3, 2]) as tf.Tensor4D];
    expect(() => conv2d(x, tf.zeros([3, 3, 4, 2]))).toThrow(
      "filter [3,3,4,2] (KH, KW, I, O; dilation 1, groups 1) does not fit",
    );
    expect(() => conv2d(x, filter, { groups: 3 })).toThrow("groups 3) does not fit");
    expect(() => conv2d(x, filter, { dilation: 2 })).toThrow("does not fit x [1,4,4,3] (B, H, W, I) with padding 0");
    expect(() => conv2d(x, filter, { bias: tf.zeros([3]) })).toThrow("bias must be [2]");
    expect(() => conv2d(tf.zeros([4, 4, 3]) as tf.Tensor as tf.Tensor4D, filter)).toThrow(
      "x must be [B, H, W, C], got shape [4,4,3]",
    );
    try {
      conv2d(x, filter, { padding: 0.5 });
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
    }
  });
});

describe("an engine that refuses numeric padding", () => {
  beforeAll(async () => {
    registerStrictEngine();
    await tf.setBackend("tensorflow");
  });
  afterAll(() => tf.removeBackend("tensorflow"));

  it.each(cases)("gets its maps padded: %o", ({ kernel, ...options }) => {
    expectReference({ kernel, ...options });
    const inputs = [noise([1, 5, 4, 4]), noise([kernel, kernel, 4 / (options.groups ?? 1), 4], 2)];
    expectGradient((x, filter) => conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, options), inputs);
  });
});
