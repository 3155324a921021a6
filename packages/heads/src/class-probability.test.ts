import "@tensorflow/tfjs-backend-cpu";
import { ndArray, random } from "@lad/core";
import { disposeParams, type Params } from "@lad/tensor";
import { expectClose, expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { conditionalObjectness, implicitObject, paaHead } from "./index";

beforeAll(() => tf.setBackend("cpu"));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const set = (params: Params, name: string, value: number) => {
  const { variable } = params.get(name)!;
  variable.assign(tf.fill(variable.shape, value));
};
const maps = () => ({
  logits: tf.randomNormal<tf.Rank.R4>([1, 3, 4, 2], 0, 1, "float32", 1),
  features: tf.randomNormal<tf.Rank.R4>([1, 3, 4, 5], 0, 1, "float32", 2),
});

describe("implicitObject", () => {
  it("is relu(σ(class) − σ(bias)) · σ(objectness)", () => {
    const part = implicitObject()({ in: 5, random: random(1) });
    const { logits, features } = maps();
    set(part.params, "objectness.weight", 0);
    set(part.params, "obj_bias.weight", 0);
    set(part.params, "objectness.bias", 1);
    set(part.params, "obj_bias.bias", -0.5);
    const got = tf.tidy(() => part.forward(logits, features).dataSync());
    const expected = logits.dataSync().map((x) => Math.max(sigmoid(x) - sigmoid(-0.5), 0) * sigmoid(1));
    expectClose(ndArray(got as Float32Array, [24]), ndArray(expected as Float32Array, [24]));
    expect(expected.some((value) => value === 0)).toBe(true);
    tf.dispose([logits, features]);
    disposeParams(part.params);
  });

  it("starts as the plain probability times one half", () => {
    const part = implicitObject()({ in: 5, random: random(1) });
    const value = tf.tidy(() => part.forward(tf.zeros([1, 1, 1, 1]), tf.zeros([1, 1, 1, 5])).dataSync()[0]!);
    expect(value).toBeCloseTo((0.5 - 1e-4) / 2, 6);
    disposeParams(part.params);
  });
});

describe("conditionalObjectness", () => {
  it("averages neighbours weighted by coefficients; beyond the border a class counts one half", () => {
    const part = conditionalObjectness()({ in: 5, random: random(1) });
    const { logits, features } = maps();
    set(part.params, "coeff_conv.weight", 0);
    const bias = part.params.get("coeff_conv.bias")!.variable;
    bias.assign(tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    const got = tf.tidy(() => part.forward(logits, features).dataSync());
    const at = (y: number, x: number, c: number) =>
      y < 0 || x < 0 || y > 2 || x > 3 ? 0.5 : sigmoid(logits.dataSync()[(y * 4 + x) * 2 + c]!);
    const expected = Float32Array.from({ length: 24 }, (_, index) => {
      const [y, x, c] = [Math.floor(index / 8), Math.floor(index / 2) % 4, index % 2];
      let sum = 0;
      for (let n = 0; n < 9; n++) sum += at(y + Math.floor(n / 3) - 1, x + (n % 3) - 1, c) * sigmoid(n);
      return sum / 9;
    });
    expectClose(ndArray(got as Float32Array, [24]), ndArray(expected, [24]));
    tf.dispose([logits, features]);
    disposeParams(part.params);
  });

  it("may own an unused convolution, and wants an odd kernel", () => {
    const part = conditionalObjectness({ kernel: 5, unusedObjectness: true })({ in: 5, random: random(1) });
    expect([...part.params.keys()]).toEqual([
      "coeff_conv.weight",
      "coeff_conv.bias",
      "objectness.weight",
      "objectness.bias",
    ]);
    expect(part.params.get("coeff_conv.weight")!.variable.shape).toEqual([3, 3, 5, 25]);
    disposeParams(part.params);
    expect(() => conditionalObjectness({ kernel: 2 })).toThrow("kernel must be an odd number ≥ 1, got 2");
  });
});

describe.each([
  ["implicitObject", implicitObject()],
  ["conditionalObjectness", conditionalObjectness()],
] as const)("%s", (_, make) => {
  it("has the gradients of its formula and leaks nothing, also for an empty batch", async () => {
    const part = make({ in: 5, random: random(3) });
    const { logits, features } = maps();
    expectGradient((x, f) => part.forward(x as tf.Tensor4D, f as tf.Tensor4D), [logits, features], { step: 1e-2 });
    await expectNoLeak(() => part.forward(logits, features).dispose());
    const empty = await expectNoLeak(() => part.forward(tf.zeros([0, 3, 4, 2]), tf.zeros([0, 3, 4, 5])), 3);
    expect(empty.shape).toEqual([0, 3, 4, 2]);
    tf.dispose([logits, features]);
    disposeParams(part.params);
  });

  it("makes a head of probabilities, with its parameters under the head's", () => {
    const head = paaHead({
      classes: 2,
      in: 4,
      channels: 4,
      groups: 2,
      stackedConvs: 1,
      levels: 1,
      probability: make,
      iouBranch: false,
    });
    const [level] = tf.tidy(() =>
      head.forward([tf.ones([1, 3, 3, 4])]).map(({ classes, quality }) => ({ values: classes.dataSync(), quality })),
    );
    expect([...level!.values].every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(level!.quality).toBeUndefined();
    expect(head.form).toBe("probabilities");
    expect([...head.params.keys()]).toContain("atss_centerness.weight");
    expect([...head.params.keys()].some((name) => /^(objectness|coeff_conv)\.weight$/.test(name))).toBe(true);
    disposeParams(head.params);
    expect(() => paaHead({ classes: 2, anchorsPerCell: 2, probability: make })).toThrow(
      "wants 1 anchor per cell, got 2",
    );
  });
});
