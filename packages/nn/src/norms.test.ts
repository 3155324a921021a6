import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise, noise4d, onEngines } from "../test/engines";
import { batchNorm } from "./batch-norm";
import { batchNormTrain } from "./batch-norm-train";
import { groupNorm } from "./group-norm";

const four = () => ({ scale: tf.tensor1d([1, -2, 0.5, 3]), offset: tf.tensor1d([0, 1, 2, -1]) });

/** Host reference: `groups` 0 = over the batch. */
function reference(x: tf.Tensor4D, scale: number[], offset: number[], groups: number, eps: number): number[] {
  const [batch, height, width, channels] = x.shape;
  const values = x.dataSync();
  const setOf = (index: number): string => {
    const channel = index % channels;
    const image = Math.floor(index / (height * width * channels));
    return groups ? `${image}.${Math.floor((channel * groups) / channels)}` : `${channel}`;
  };
  const sets = new Map<string, number[]>();
  values.forEach((value, index) => {
    sets.set(setOf(index), [...(sets.get(setOf(index)) ?? []), value]);
  });
  expect(sets.size).toBe(groups ? batch * groups : channels);
  return [...values].map((value, index) => {
    const set = sets.get(setOf(index))!;
    const mean = set.reduce((a, b) => a + b) / set.length;
    const variance = set.reduce((a, b) => a + (b - mean) ** 2, 0) / set.length;
    return ((value - mean) / Math.sqrt(variance + eps)) * scale[index % channels]! + offset[index % channels]!;
  });
}

function expectAll(got: tf.Tensor, expected: number[]): void {
  got.dataSync().forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, 4);
  });
}

onEngines(() => {
  it("batchNorm normalises with the given statistics, with gradients of x, scale and offset", async () => {
    const x = noise4d([2, 3, 2, 4]);
    const statistics = { mean: tf.tensor1d([1, 0, -1, 5]), variance: tf.tensor1d([1, 4, 0.25, 2]) };
    const { scale, offset } = four();
    const got = await expectNoLeak(() => batchNorm(x, { scale, offset, ...statistics, eps: 0.5 }), 1);
    const [factors, shifts, means, variances] = [scale, offset, statistics.mean, statistics.variance].map((vector) =>
      vector.dataSync(),
    );
    const expected = [...x.dataSync()].map((value, index) => {
      const c = index % 4;
      return ((value - means![c]!) / Math.sqrt(variances![c]! + 0.5)) * factors![c]! + shifts![c]!;
    });
    expectAll(got, expected);
    const run = (map: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
      batchNorm(map as tf.Tensor4D, { scale: weight, offset: bias, ...statistics });
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [x, scale, offset]);
  });

  it("batchNormTrain normalises with the batch's statistics and returns them", async () => {
    const x = noise4d([2, 3, 2, 4], 3);
    const { scale, offset } = four();
    const got = await expectNoLeak(() => batchNormTrain(x, { scale, offset }), 3);
    expectAll(got.value, reference(x, [1, -2, 0.5, 3], [0, 1, 2, -1], 0, 1e-5));
    const moments = tf.moments(x, [0, 1, 2]);
    expectAll(got.mean, [...moments.mean.dataSync()]);
    expectAll(got.variance, [...moments.variance.dataSync()]);
  });

  it("batchNormTrain's gradient passes through the statistics, not through those returned", () => {
    const { scale, offset } = four();
    const run = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
      batchNormTrain(x as tf.Tensor4D, { scale: weight, offset: bias }).value;
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [noise([2, 2, 3, 4], 4), scale, offset]);
    const x = tf.variable(noise4d([2, 2, 3, 4]));
    const tape = createTape();
    const loss = tape.run(() => tf.sum(batchNormTrain(x, { scale, offset }).mean));
    expect(Math.max(...tape.gradients({ loss }, [x]).get(x)!.dataSync())).toBe(0);
    tape.end();
  });

  it("groupNorm normalises neighbouring channels of each image, with gradients", async () => {
    const x = noise4d([2, 3, 2, 4], 5);
    const { scale, offset } = four();
    for (const groups of [1, 2, 4]) {
      const got = await expectNoLeak(() => groupNorm(x, { scale, offset, groups }), 1);
      expectAll(got, reference(x, [1, -2, 0.5, 3], [0, 1, 2, -1], groups, 1e-5));
    }
    const run = (map: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
      groupNorm(map as tf.Tensor4D, { scale: weight, offset: bias, groups: 2 });
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [x, scale, offset]);
  });

  it("norms stay accurate far from zero", () => {
    const x = tf.add(noise4d([2, 8, 8, 4]), 300) as tf.Tensor4D;
    const { scale, offset } = four();
    const { value } = batchNormTrain(x, { scale, offset });
    const expected = reference(x, [1, -2, 0.5, 3], [0, 1, 2, -1], 0, 1e-5);
    value.dataSync().forEach((got, index) => {
      expect(Math.abs(got - expected[index]!)).toBeLessThan(1e-3);
    });
  });

  it("norms refuse vectors and groups that do not fit", () => {
    const { scale, offset } = four();
    const x = tf.zeros([1, 2, 2, 4]) as tf.Tensor4D;
    const bad = tf.zeros([3]);
    expect(() => batchNormTrain(x, { scale: bad, offset })).toThrow("batchNormTrain: scale must be [4]");
    expect(() => batchNorm(x, { scale, offset, mean: bad, variance: scale })).toThrow("batchNorm: mean must be [4]");
    expect(() => groupNorm(x, { scale, offset: bad, groups: 2 })).toThrow("groupNorm: offset must be [4]");
    expect(() => groupNorm(x, { scale, offset, groups: 3 })).toThrow(
      "groups (3) must divide the channels of x [1,2,2,4]",
    );
  });
});
