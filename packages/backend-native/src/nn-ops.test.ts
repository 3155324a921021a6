import { batchNorm, batchNormTrain, conv2d, groupNorm, instanceNorm, layerNorm, type NormFinish } from "@lad/nn";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../test/native-suite";

const map = (shape: number[], seed?: number) => normal(shape, seed) as tf.Tensor4D;
type Norm = (x: tf.Tensor4D, options: NormFinish & { scale: tf.Tensor; offset: tf.Tensor }) => tf.Tensor4D;

/** The value, and the gradients of all inputs under fixed random weights. */
function withGradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  const loss = (...all: tf.Tensor[]) => {
    const y = f(...all);
    return tf.sum(tf.mul(y, normal(y.shape, 9)));
  };
  return [f(...inputs), ...tf.grads(loss)(inputs)];
}

nativeSuite("operations of @lad/nn with kernels of this engine's own have the composed ones' numbers", () => {
  it.each([
    { x: [2, 9, 11, 8], filter: [3, 3, 4, 6], stride: 1, padding: 1, dilation: 1, groups: 2 },
    { x: [1, 12, 13, 6], filter: [3, 3, 6, 4], stride: 1, padding: 2, dilation: 2, groups: 1 },
    { x: [1, 13, 12, 8], filter: [3, 3, 2, 8], stride: 2, padding: 2, dilation: 2, groups: 4 },
    { x: [2, 20, 20, 32], filter: [3, 3, 32, 32], stride: 1, padding: 1, dilation: 1, groups: 1 },
    { x: [0, 5, 5, 4], filter: [3, 3, 2, 4], stride: 1, padding: 1, dilation: 1, groups: 2 },
  ])("conv2d %o", async ({ x, filter, ...options }) => {
    const inputs = () => [map(x), map(filter, 2), normal([filter[3]!], 3)];
    const run = (...[a, b, bias]: tf.Tensor[]) => conv2d(a as tf.Tensor4D, b as tf.Tensor4D, { ...options, bias });
    if (x[0] === 0) await expectSameAsCpu(() => run(...inputs()));
    else await expectSameAsCpu(() => withGradients(run, inputs()), { absolute: 2e-4 });
  });

  const vectors = (channels: number) => [normal([channels], 5), normal([channels], 6)];
  const statistics = (channels: number) => ({
    mean: normal([channels], 7),
    variance: tf.add(tf.abs(normal([channels], 8)), 0.1),
  });
  const norms: Record<string, Norm> = {
    batchNorm: (x, options) => batchNorm(x, { ...options, ...statistics(x.shape[3]) }),
    batchNormTrain: (x, options) => batchNormTrain(x, options),
    groupNorm: (x, options) => groupNorm(x, { ...options, groups: 4 }),
    instanceNorm: (x, options) => instanceNorm(x, options),
  };
  const finishes = [{}, { relu: true }, { residual: true }, { residual: true, relu: true }];
  it.each(Object.keys(norms).flatMap((name) => finishes.map((finish) => [name, finish] as const)))(
    "%s, then %o",
    async (name, { residual = false, relu = false }: { residual?: boolean; relu?: boolean }) => {
      for (const shape of [
        [2, 9, 7, 16],
        [1, 1, 3, 4],
        [2, 33, 40, 8],
      ])
        await expectSameAsCpu(
          () => {
            const inputs = [map(shape), ...vectors(shape[3]!), ...(residual ? [map(shape, 3)] : [])];
            const run = (...[x, scale, offset, last]: tf.Tensor[]) =>
              norms[name]!(x as tf.Tensor4D, {
                scale: scale!,
                offset: offset!,
                residual: last as tf.Tensor4D | undefined,
                relu,
              });
            return withGradients(run, inputs);
          },
          { absolute: 1e-4, relative: 1e-4 },
        );
    },
  );

  it("layerNorm, over rows of any length", async () => {
    for (const shape of [
      [3, 4],
      [2, 5, 96],
      [1, 1],
      [40, 2049],
      [1000, 17],
    ])
      await expectSameAsCpu(
        () =>
          withGradients(
            (...[x, scale, offset]: tf.Tensor[]) => layerNorm(x!, { scale: scale!, offset: offset! }),
            [normal(shape), ...vectors(shape.at(-1)!)],
          ),
        { absolute: 2e-4, relative: 1e-4 },
      );
    await expectSameAsCpu(() => layerNorm(normal([0, 4]), { scale: normal([4]), offset: normal([4]) }));
    const far = tf.tidy(() =>
      layerNorm(tf.add(normal([4, 64]), 1000), { scale: tf.ones([64]), offset: tf.zeros([64]) }).arraySync(),
    );
    for (const row of far as number[][])
      expect(Math.abs(row.reduce((sum, value) => sum + value, 0))).toBeLessThan(2e-2);
  });

  it("shows NaN through a fused relu, forward and backward", () => {
    const x = tf.variable(map([1, 2, 2, 1]));
    const tape = createTape();
    const y = tape.run(() => {
      const poisoned = tf.add<tf.Tensor4D>(x, tf.tensor4d([0, Number.NaN, 0, 0], [1, 2, 2, 1]));
      const one = tf.ones([1]);
      return batchNorm(poisoned, { scale: one, offset: one, mean: one, variance: one, relu: true });
    });
    const gradient = tape.gradients({ loss: tape.run(() => tf.sum(y)) }, [x as tf.Variable]).get(x as tf.Variable)!;
    expect([y.dataSync()[1], gradient.dataSync()[1]]).toEqual([Number.NaN, Number.NaN]);
    tape.end();
    x.dispose();
  });

  it("leaks nothing over training steps", () => {
    const [x, scale, offset, filter] = [map([1, 6, 6, 4]), ...vectors(4), map([3, 3, 2, 4], 2)].map((t) =>
      tf.variable(t),
    );
    const step = () => {
      const tape = createTape();
      const loss = tape.run(() => {
        const inner = conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, { padding: 1, groups: 2, bias: offset! });
        const value = batchNormTrain(inner, {
          scale: scale!,
          offset: offset!,
          residual: x as tf.Tensor4D,
          relu: true,
        });
        return tf.sum(layerNorm(value, { scale: scale!, offset: offset! }));
      });
      tape.gradients({ loss }, [x!, scale!, offset!, filter!] as tf.Variable[]);
      tape.end();
    };
    step();
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 10; i++) step();
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([numTensors, numDataBuffers]);
    tf.dispose([x!, scale!, offset!, filter!]);
  });

  it("refuses what does not fit", () => {
    tf.tidy(() => {
      const run = (name: string, inputs: object, attributes: object) => () =>
        tf.engine().runKernel(name, inputs as never, attributes as never);
      const [x, v, w] = [map([1, 2, 2, 4]), normal([4]), normal([3])];
      const affine = { x, scale: v, offset: v };
      const sets = { eps: 1, sets: 1, groups: 4 };
      expect(run("LadNormalize", { ...affine, residual: map([1, 2, 1, 4]) }, sets)).toThrow(
        "native LadNormalize: residual must be of x's shape [1,2,2,4], got [1,2,1,4]",
      );
      expect(run("LadNormalizeGradient", { dy: x, x, scale: v, mean: v, variance: w }, sets)).toThrow(
        "variance must have 4",
      );
      expect(run("LadNormalizeGradient", { dy: x, x, scale: v, mean: v, variance: v, y: v }, sets)).toThrow(
        "y must be of",
      );
      expect(run("LadLayerNorm", { x, scale: w, offset: v }, { eps: 1 })).toThrow(
        "scale must be [4] for x [1,2,2,4], got [3]",
      );
      expect(run("LadLayerNormGradient", { dy: x, x, scale: v, mean: v, inverse: w }, {})).toThrow(
        "inverse [3] do not fit",
      );
    });
  });
});
