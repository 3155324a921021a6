import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise, noise4d, onEngines } from "../test/engines";
import { batchNorm } from "./batch-norm";
import { batchNormTrain } from "./batch-norm-train";
import { groupNorm } from "./group-norm";
import { instanceNorm } from "./instance-norm";
import { layerNorm } from "./layer-norm";
import type { NormFinish } from "./norm-finish";

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

  it("batchNormTrain normalises with the batch's statistics and shows them", async () => {
    const x = noise4d([2, 3, 2, 4], 3);
    const { scale, offset } = four();
    const seen: number[][] = [];
    const observe = (...statistics: tf.Tensor[]) => {
      for (const { shape } of statistics) expect(shape).toEqual([4]);
      seen.push(...statistics.map((statistic) => [...statistic.dataSync()]));
    };
    const got = await expectNoLeak(() => batchNormTrain(x, { scale, offset, observe }), 1);
    expectAll(got, reference(x, [1, -2, 0.5, 3], [0, 1, 2, -1], 0, 1e-5));
    const moments = tf.moments(x, [0, 1, 2]);
    expectAll(moments.mean, seen[0]!);
    expectAll(moments.variance, seen[1]!);
  });

  it("batchNormTrain's gradient passes through the statistics, and nothing in `observe` is recorded", () => {
    const { scale, offset } = four();
    const run = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
      batchNormTrain(x as tf.Tensor4D, { scale: weight, offset: bias });
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [noise([2, 2, 3, 4], 4), scale, offset]);
    const x = tf.variable(noise4d([2, 2, 3, 4]));
    const tape = createTape();
    let observed: tf.Tensor | undefined;
    const observe = (mean: tf.Tensor) => {
      observed = tf.keep(tf.sum(mean));
    };
    tape.run(() => batchNormTrain(x, { scale, offset, observe }));
    expect(tape.gradients({ loss: observed! }, [x]).get(x)).toBeUndefined();
    observed!.dispose();
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
    const value = batchNormTrain(x, { scale, offset });
    const expected = reference(x, [1, -2, 0.5, 3], [0, 1, 2, -1], 0, 1e-5);
    value.dataSync().forEach((got, index) => {
      expect(Math.abs(got - expected[index]!)).toBeLessThan(1e-3);
    });
  });

  it("a residual and a relu after a norm are what they are apart, with gradients of all", async () => {
    const inputs = [noise([2, 3, 2, 4], 5), ...Object.values(four()), noise([2, 3, 2, 4], 6)];
    const statistics = { mean: tf.tensor1d([1, 0, -1, 0.5]), variance: tf.tensor1d([1, 4, 0.25, 2]) };
    type Norm = (x: tf.Tensor4D, options: NormFinish & ReturnType<typeof four>) => tf.Tensor4D;
    const norms: Norm[] = [
      (x, options) => batchNorm(x, { ...options, ...statistics }),
      (x, options) => tf.tidy(() => batchNormTrain(x, options)),
      (x, options) => groupNorm(x, { ...options, groups: 2 }),
      (x, options) => instanceNorm(x, options),
    ];
    for (const norm of norms)
      for (const finish of [{ relu: true }, { residual: true }, { residual: true, relu: true }]) {
        const run = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, last: tf.Tensor) => {
          const residual = finish.residual ? (last as tf.Tensor4D) : undefined;
          return norm(x as tf.Tensor4D, { scale, offset, residual, relu: finish.relu ?? false } as Parameters<Norm>[1]);
        };
        const made = await expectNoLeak(() => run(...(inputs as Parameters<typeof run>)), 1);
        const plain = norm(inputs[0] as tf.Tensor4D, { scale: inputs[1], offset: inputs[2] } as Parameters<Norm>[1]);
        const sum = finish.residual ? tf.add(plain, inputs[3]!) : plain;
        expectAll(made, [...(finish.relu ? tf.relu(sum) : sum).dataSync()]);
        // a relu has kinks, where differences say nothing
        if (!finish.relu) expectGradient(run as (...all: tf.Tensor[]) => tf.Tensor, inputs);
      }
  });

  it("layerNorm normalises each row, with gradients; rows may be none", async () => {
    const { scale, offset } = four();
    for (const shape of [[3, 4], [2, 3, 4], [4], [0, 4]]) {
      const x = noise(shape, 5);
      const got = await expectNoLeak(() => layerNorm(x, { scale, offset, eps: 0.01 }), 1);
      expect(got.shape).toEqual(shape);
      const rows = tf.reshape(x, [x.size / 4, 1, 1, 4]) as tf.Tensor4D;
      if (x.size > 0) expectAll(got, reference(rows, [1, -2, 0.5, 3], [0, 1, 2, -1], 1, 0.01));
    }
    const run = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => layerNorm(x, { scale: weight, offset: bias });
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [noise([2, 3, 4]), scale, offset]);
    expect(() => layerNorm(tf.zeros([2, 3]), { scale, offset })).toThrow("layerNorm: scale must be [3]");
    expect(() => layerNorm(tf.scalar(1), { scale, offset })).toThrow("layerNorm: x must be [..., C], got a scalar");
  });

  it("instanceNorm has ones and zeros where no vectors are given", () => {
    const x = noise4d([2, 3, 2, 4], 5);
    expectAll(instanceNorm(x), reference(x, [1, 1, 1, 1], [0, 0, 0, 0], 4, 1e-5));
  });

  it("norms refuse vectors and groups that do not fit", () => {
    const { scale, offset } = four();
    const x = tf.zeros([1, 2, 2, 4]) as tf.Tensor4D;
    const bad = tf.zeros([3]);
    expect(() => batchNormTrain(x, { scale: bad, offset })).toThrow("batchNormTrain: scale must be [4]");
    expect(() => batchNorm(x, { scale, offset, mean: bad, variance: scale })).toThrow("batchNorm: mean must be [4]");
    expect(() => groupNorm(x, { scale, offset: bad, groups: 2 })).toThrow("groupNorm: offset must be [4]");
    expect(() => instanceNorm(x, { scale: bad })).toThrow("instanceNorm: scale must be [4]");
    const residual = tf.zeros([1, 2, 1, 4]) as tf.Tensor4D;
    expect(() => groupNorm(x, { scale, offset, groups: 2, residual })).toThrow(
      "groupNorm: residual must be of x's shape [1,2,2,4], got [1,2,1,4]",
    );
    expect(() => groupNorm(x, { scale, offset, groups: 3 })).toThrow(
      "groups (3) must divide the channels of x [1,2,2,4]",
    );
  });
});
