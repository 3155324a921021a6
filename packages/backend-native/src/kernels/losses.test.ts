import { random } from "@lad/core";
import { distillationKl, distributionFocalLoss, giouLoss, qualityFocalLoss, sigmoidFocalLoss } from "@lad/losses";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

type Options = { weights?: Float32Array; reduction?: "none" };
type Loss = (x: tf.Tensor2D, options: Options) => tf.Tensor;
const rows = (count: number, value: (stream: ReturnType<typeof random>) => number, seed = 4) => {
  const stream = random(seed);
  return Array.from({ length: count }, () => value(stream));
};
/** Classes 0 … columns − 1, −1 and `columns`: some rows are background. */
const labels = ([count, columns]: readonly number[]) =>
  Int32Array.from(rows(count!, (stream) => stream.integer(columns! + 2) - 1));
const scores = (count: number) => Float32Array.from(rows(count, (stream) => stream.uniform()));
const targets = ([count, columns]: readonly number[]) =>
  Float32Array.from(rows(count!, (stream) => stream.uniform() * (columns! - 1)));

const losses: Record<string, Loss> = {};
for (const gamma of [0, 1, 2, 1.5]) {
  losses[`sigmoid focal, gamma ${gamma}`] = (x, options) =>
    sigmoidFocalLoss(x, labels(x.shape), { alpha: 0.3, gamma, ...options });
  losses[`quality focal, beta ${gamma}`] = (x, options) =>
    qualityFocalLoss(x, labels(x.shape), scores(x.shape[0]), { beta: gamma, ...options });
  losses[`quality focal of probabilities, beta ${gamma}`] = (x, options) =>
    qualityFocalLoss(tf.sigmoid(x), labels(x.shape), scores(x.shape[0]), {
      beta: gamma,
      form: "probability",
      ...options,
    });
}
losses["distribution focal"] = (x, options) => distributionFocalLoss(x, targets(x.shape), options);
for (const temperature of [1, 10])
  losses[`divergence, temperature ${temperature}`] = (x, options) =>
    distillationKl(x, normal(x.shape, 8) as tf.Tensor2D, { temperature, ...options });

const close = { relative: 1e-5, absolute: 2e-6, plain: ["Tile"] };

nativeSuite("losses", () => {
  it.each(Object.entries(losses))("%s is the composed one, with its gradient", async (name, loss) => {
    for (const shape of [
      [7, 1],
      [31, 17],
      [130, 80],
      [0, 5],
    ] as const) {
      if (shape[1] === 1 && name === "distribution focal") continue;
      const weights = Float32Array.from(rows(shape[0], (stream) => stream.uniform(), 6));
      for (const options of [{}, { weights }, { weights, reduction: "none" }] as Options[]) {
        await expectSameAsCpu(() => loss(normal(shape, 1, 2) as tf.Tensor2D, options), { ...close, relative: 2e-5 });
        const scalar = (x: tf.Tensor) => {
          const y = loss(x as tf.Tensor2D, options);
          return tf.sum(tf.mul(y, normal(y.shape, 5)));
        };
        await expectSameAsCpu(() => tf.grad(scalar)(normal(shape, 1, 2)), close);
      }
    }
  });

  it.each(Object.entries(losses))("%s leaks nothing and shows NaN in its own row", async (_, loss) => {
    const x = tf.tidy(() => tf.mul(normal([6, 5]), tf.tensor2d([1, 1, Number.NaN, 1, 1, 1], [6, 1])) as tf.Tensor2D);
    const made = await expectNoLeak(() => tf.tidy(() => loss(x, { reduction: "none" })), 1);
    const gradient = await expectNoLeak(() => tf.grad((y) => loss(y as tf.Tensor2D, {}))(x), 1);
    const perRow = made.size / 6;
    expect(Array.from(made.dataSync(), Number.isNaN)).toEqual(
      Array.from({ length: made.size }, (__, index) => Math.floor(index / perRow) === 2),
    );
    expect(Array.from(gradient.dataSync(), Number.isNaN)).toEqual(
      Array.from({ length: 30 }, (__, index) => Math.floor(index / 5) === 2),
    );
    tf.dispose([x, made, gradient]);
  });

  it("losses of extreme logits are finite", async () => {
    await expectSameAsCpu(
      () => {
        const x = tf.tensor2d([500, -500, 90, -90, 20, -20], [2, 3]);
        const [sure, one] = [Int32Array.of(0, 1), Float32Array.of(1, 0.5)];
        return [
          sigmoidFocalLoss(x, sure, { reduction: "none" }),
          qualityFocalLoss(x, sure, one, { reduction: "none" }),
          qualityFocalLoss(tf.tensor2d([0, 1, 0, 1], [2, 2]), sure, one, { form: "probability", reduction: "none" }),
          distributionFocalLoss(x, Float32Array.of(0, 2), { reduction: "none" }),
          distillationKl(x, tf.reverse(x, 0) as tf.Tensor2D, { temperature: 1, reduction: "none" }),
        ];
      },
      { ...close, plain: ["Reverse"] },
    );
  });

  it("takes labels and scores from the device", () => {
    tf.tidy(() => {
      const x = normal([9, 4]) as tf.Tensor2D;
      const [where, quality] = [labels(x.shape), scores(9)];
      const host = qualityFocalLoss(x, where, quality).dataSync();
      expect(qualityFocalLoss(x, tf.tensor1d(where, "int32"), tf.tensor1d(quality)).dataSync()).toEqual(host);
      expect(qualityFocalLoss(x, tf.tensor1d(where, "float32"), quality).dataSync()).toEqual(host);
    });
  });

  it("GIoU is the composed one, with gradients of both boxes, ties and clamps", async () => {
    const boxes = (seed: number) => {
      const stream = random(seed);
      const corner = () => Math.round(stream.uniform() * 6);
      return tf.tensor2d(Float32Array.from({ length: 400 }, corner), [100, 4]);
    };
    for (const eps of [1e-6, 3]) {
      const run = (a: tf.Tensor, b: tf.Tensor) => giouLoss(a as tf.Tensor2D, b as tf.Tensor2D, { eps });
      await expectSameAsCpu(() => run(boxes(1), boxes(2)), close);
      const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(run(a, b), normal([100], 5)));
      // whole coordinates: hulls and unions without area divide by eps
      await expectSameAsCpu(() => tf.grads(loss)([boxes(1), boxes(2)]), { ...close, absolute: 1e-5 / eps });
      await expectSameAsCpu(() => run(boxes(1), boxes(1)), close);
      await expectSameAsCpu(() => tf.grads(loss)([normal([100, 4]), normal([100, 4], 2)]), {
        ...close,
        absolute: 1e-4,
      });
    }
    await expectSameAsCpu(() => giouLoss(tf.zeros([0, 4]), tf.zeros([0, 4])), close);
    const nan = tf.tidy(() => giouLoss(tf.tensor2d([0, 0, Number.NaN, 1], [1, 4]), tf.ones([1, 4])).dataSync()[0]);
    expect(nan).toBeNaN();
  });

  it("refuses tensors that do not fit", () => {
    const x = normal([4, 3]);
    const [three, four] = [tf.zeros([3]), tf.zeros([4], "int32")];
    const run = (name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}) =>
      tf.engine().runKernel(name, inputs, {
        form: "quality",
        gamma: 2,
        reduction: "sum",
        temperature: 1,
        eps: 1,
        ...attributes,
      });
    expect(() => run("LadFocalLoss", { predictions: x, labels: three, scores: four })).toThrow("labels must be [4]");
    expect(() => run("LadFocalLoss", { predictions: x, labels: four })).toThrow("a Float32Array");
    expect(() => run("LadFocalLossGradient", { predictions: x, labels: four, scores: four, dy: three })).toThrow(
      "dy must be []",
    );
    expect(() => run("LadDistributionFocalLoss", { logits: three, targets: three })).toThrow("(N, C)");
    expect(() => run("LadDistillationKl", { predicted: x, teacher: three })).toThrow("teacher must be [4,3]");
    expect(() => run("LadGiouLoss", { predicted: x, target: x })).toThrow("boxes must both be [N, 4]");
    tf.dispose([x, three, four]);
  });
});
