import { batchNorm, batchNormTrain, groupNorm } from "@lad/nn";
import { createTape } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

type Norm = (x: tf.Tensor4D, scale: tf.Tensor, offset: tf.Tensor) => tf.Tensor;
const norms: Record<string, Norm> = {
  "batch norm, given statistics": (x, scale, offset) => {
    const channels = x.shape[3];
    return batchNorm(x, { scale, offset, mean: normal([channels], 8), variance: tf.abs(normal([channels], 9)) });
  },
  "batch norm, the batch's statistics": (x, scale, offset) => batchNormTrain(x, { scale, offset }),
  "group norm": (x, scale, offset) => groupNorm(x, { scale, offset, groups: x.shape[3] % 4 === 0 ? 4 : 1 }),
};
const inputs = (shape: readonly number[], shift = 0) =>
  [tf.add(normal(shape), shift), normal([shape[3]!], 2), normal([shape[3]!], 3)] as [tf.Tensor4D, tf.Tensor, tf.Tensor];

/** Mean and variance of the batch, as batch norm shows them. To be called in a tidy. */
function statisticsOf(x: tf.Tensor4D): [mean: tf.Tensor, variance: tf.Tensor] {
  const affine = { scale: tf.ones([x.shape[3]]), offset: tf.zeros([x.shape[3]]) };
  const shown: tf.Tensor[] = [];
  const observe = (...statistics: tf.Tensor[]) => shown.push(...statistics.map((statistic) => tf.keep(statistic)));
  batchNormTrain(x, { ...affine, observe });
  const [mean, variance] = shown.map((statistic) => tf.clone(statistic));
  tf.dispose(shown);
  return [mean!, variance!];
}

nativeSuite("normalisation", () => {
  it.each(Object.entries(norms))("%s and its gradients are the composed ones", async (_, norm) => {
    for (const shape of [
      [2, 5, 7, 8],
      [1, 3, 3, 1],
      [3, 33, 9, 20],
      [2, 1, 2, 64],
    ]) {
      await expectSameAsCpu(() => norm(...inputs(shape)), { relative: 1e-4, absolute: 2e-5 });
      const loss = (...all: tf.Tensor[]) =>
        tf.sum(tf.mul(norm(...(all as [tf.Tensor4D, tf.Tensor, tf.Tensor])), normal(shape, 5)));
      await expectSameAsCpu(() => tf.grads(loss)(inputs(shape)), { relative: 1e-3, absolute: 2e-4, plain: ["Tile"] });
    }
  });

  it("returns the batch's statistics", async () => {
    await expectSameAsCpu(() => statisticsOf(inputs([3, 6, 5, 7], 2)[0]));
  });

  it("keeps its digits far from zero", () => {
    tf.tidy(() => {
      const [near] = inputs([2, 8, 8, 4]);
      const [, expected] = statisticsOf(near);
      const [, variance] = statisticsOf(tf.add(near, 1000));
      // float32 rounds the inputs themselves to 6e-5 there
      expect(tf.max(tf.abs(tf.sub(tf.div(variance, expected), 1))).dataSync()[0]).toBeLessThan(2e-4);
      const flat = tf.fill([1, 4, 4, 2], 123.456) as tf.Tensor4D;
      const normalised = batchNormTrain(flat, { scale: tf.ones([2]), offset: tf.zeros([2]) });
      for (const values of [statisticsOf(flat)[1], normalised])
        expect(values.dataSync().every((value) => Math.abs(value) < 1e-3)).toBe(true);
    });
  });

  it("shares one backward pass under a tape and leaks nothing", async () => {
    const variables = inputs([2, 4, 4, 8]).map((input) => tf.variable(input));
    const [x, scale, offset] = variables as [tf.Variable<tf.Rank.R4>, tf.Variable, tf.Variable];
    await expectNoLeak(() => {
      for (const norm of Object.values(norms)) {
        const tape = createTape();
        const loss = tape.run(() => tf.sum(tf.square(norm(x, scale, offset))));
        expect(tape.gradients({ loss }, variables).size).toBe(3);
        tape.end();
      }
    });
    tf.dispose(variables);
  });

  it("shows NaN", () => {
    tf.tidy(() => {
      const [x, scale, offset] = inputs([1, 4, 4, 4]);
      const spoiled = tf.concat(
        [tf.fill([1, 1, 4, 4], Number.NaN), tf.slice(x, [0, 1, 0, 0], [1, 3, 4, 4])],
        1,
      ) as tf.Tensor4D;
      for (const norm of Object.values(norms)) expect(norm(spoiled, scale, offset).dataSync()[0]).toBeNaN();
      const value = batchNormTrain(spoiled, { scale, offset });
      expect(value.dataSync().every(Number.isNaN)).toBe(true);
    });
  });

  it("takes empty maps and refuses vectors of another size", async () => {
    tf.tidy(() => {
      expect(
        groupNorm(normal([0, 3, 3, 4]) as tf.Tensor4D, { scale: tf.ones([4]), offset: tf.zeros([4]), groups: 2 }).shape,
      ).toEqual([0, 3, 3, 4]);
      const run = (scale: tf.Tensor, groups: number) => () =>
        tf
          .engine()
          .runKernel(
            "LadNormalize",
            { x: normal([1, 3, 3, 4]), scale, offset: tf.zeros([4]) },
            { eps: 1e-5, sets: 1, groups },
          );
      expect(run(tf.ones([3]), 2)).toThrow("scale must have 4 elements for x [1,3,3,4], got [3]");
      expect(run(tf.ones([4]), 3)).toThrow("divisor of the channels");
    });
  });
});
