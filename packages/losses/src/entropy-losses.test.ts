import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectValues, fractions, noise, onEngines } from "../test/engines";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits";
import { focalKl } from "./focal-kl";
import { sigmoidFocalLoss } from "./sigmoid-focal-loss";

onEngines(() => {
  it("binaryCrossEntropyWithLogits follows the formula, with gradients of both", async () => {
    const [logits, targets] = [noise(3, 2), fractions(3, 2)];
    const [x, t] = [logits.dataSync(), targets.dataSync()];
    const got = await expectNoLeak(() => binaryCrossEntropyWithLogits(logits, targets), 1);
    expectValues(
      got,
      x.map(
        (logit, i) => -t[i]! * Math.log(1 / (1 + Math.exp(-logit))) - (1 - t[i]!) * Math.log(1 / (1 + Math.exp(logit))),
      ),
    );
    const run = (a: tf.Tensor, b: tf.Tensor) => binaryCrossEntropyWithLogits(a, b);
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [logits, targets]);
    expectValues(binaryCrossEntropyWithLogits(tf.tensor1d([500, -500, 500]), tf.tensor1d([1, 0, 0])), [0, 0, 500]);
  });

  it.each([0.5, 1, 2])("focalKl follows the formula in both forms, gamma %d", (gamma) => {
    const [logits, targets] = [noise(4, 2), fractions(4, 2)];
    const probabilities = tf.sigmoid(logits);
    const t = targets.dataSync();
    const expected = probabilities.dataSync().map((p, i) => {
      const divergence = t[i]! * Math.log(t[i]! / p) + (1 - t[i]!) * Math.log((1 - t[i]!) / (1 - p));
      return divergence * ((t[i]! - p) ** 2 + 1e-6) ** (gamma / 2);
    });
    expectValues(focalKl(logits, targets, { gamma }), expected);
    expectValues(focalKl(probabilities, targets, { gamma, form: "probability" }), expected);
    expectGradient((x) => focalKl(x!, targets, { gamma }), [logits]);
    const inner = fractions(4, 2, 9);
    expectGradient((x) => focalKl(x!, targets, { gamma, form: "probability" }), [inner], { step: 2e-3 });
  });

  it("focalKl of a prediction with itself is 0 with gradient 0", () => {
    const logits = noise(4, 3);
    const targets = tf.sigmoid(logits);
    expectValues(focalKl(logits, targets), new Float32Array(12));
    expectValues(tf.grad((x: tf.Tensor) => focalKl(x, targets))(logits), new Float32Array(12));
  });

  it("focalKl with one-hot targets and gamma 2 is the focal loss without alpha", () => {
    const logits = noise(4, 3);
    const labels = Int32Array.of(0, 2, 3, 1);
    const oneHot = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], [4, 3]);
    const focal = tf.mul(sigmoidFocalLoss(logits, labels, { alpha: 0.5, reduction: "none" }), 2);
    expectValues(focalKl(logits, oneHot, { gamma: 2 }), focal.dataSync());
  });

  it("focalKl on probabilities clamps both sides and passes no gradient beyond", () => {
    const p = tf.tensor1d([0, 1, 0.5]);
    const t = tf.tensor1d([1, 1, 0.5]);
    const worst = Math.log(0.9999 / 1e-4) * 0.9999 + 1e-4 * Math.log(1e-4 / 0.9999);
    expectValues(focalKl(p, t, { form: "probability", gamma: 0 }), [worst, 0, 0], 4);
    expectValues(tf.grad((x: tf.Tensor) => focalKl(x, t, { form: "probability" }))(p), [0, 0, 0]);
  });

  it("entropy losses take nothing, leave one tensor and refuse shapes that differ", async () => {
    const none = tf.zeros([0, 3]);
    expect(binaryCrossEntropyWithLogits(none, none).shape).toEqual([0, 3]);
    expect(focalKl(none, none).shape).toEqual([0, 3]);
    const [p, t] = [fractions(2, 3), fractions(2, 3, 2)];
    await expectNoLeak(() => focalKl(p, t), 1);
    await expectNoLeak(() => focalKl(p, t, { form: "probability" }), 1);
    expect(() => binaryCrossEntropyWithLogits(p, none as tf.Tensor2D)).toThrow(
      "binaryCrossEntropyWithLogits: logits [2,3] and targets [0,3] must have the same shape",
    );
    expect(() => focalKl(p, none as tf.Tensor2D)).toThrow("predicted [2,3] and targets [0,3] must have the same shape");
    expect(() => focalKl(p, t, { gamma: Number.NaN })).toThrow("gamma must be at least 0, got NaN");
  });
});
