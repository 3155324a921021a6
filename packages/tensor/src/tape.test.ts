import "./index";
import "@tensorflow/tfjs-backend-cpu";
import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTape, currentTape } from "./tape";

const difference = (a: tf.Tensor, b: tf.Tensor) => tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);

beforeAll(() => tf.setBackend("cpu"));

describe("createTape", () => {
  let filter: tf.Variable<tf.Rank.R4>;
  let weight: tf.Variable<tf.Rank.R2>;
  let image: tf.Tensor4D;
  let before = 0;

  beforeEach(() => {
    filter = tf.variable(tf.tidy(() => tf.randomNormal<tf.Rank.R4>([3, 3, 3, 8], 0, 1, "float32", 1)));
    weight = tf.variable(tf.tidy(() => tf.randomNormal<tf.Rank.R2>([8, 4], 0, 1, "float32", 2)));
    image = tf.randomNormal([1, 6, 6, 3], 0, 1, "float32", 3);
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([filter, weight, image]);
  });
  const features = () => tf.relu(tf.conv2d(image, filter, 1, "same"));
  const head = (input: tf.Tensor4D) => tf.sum(tf.square(tf.matMul(tf.reshape(input, [-1, 8]), weight))) as tf.Scalar;

  it("equals tf.variableGrads with an await between two runs", async () => {
    const expected = tf.variableGrads(() => head(features()));
    const tape = createTape();
    const map = tape.run(features);
    await map.data();
    await new Promise((resolve) => setTimeout(resolve, 1));
    const loss = tape.run(() => head(map));
    const gradients = tape.gradients({ loss }, [filter, weight]);
    expect(difference(gradients.get(filter)!, expected.grads[filter.name]!)).toBe(0);
    expect(difference(gradients.get(weight)!, expected.grads[weight.name]!)).toBe(0);
    tape.end();
    tf.dispose(expected as unknown as tf.TensorContainer);
  });

  it("sums the gradients of several losses and of values used twice", () => {
    const tape = createTape();
    const losses = tape.run(() => ({ a: tf.sum(weight), b: tf.sum(tf.add(weight, weight)) }));
    const gradient = tape.gradients(losses, [weight]).get(weight)!;
    expect([...gradient.dataSync()]).toEqual(Array(32).fill(3));
    tape.end();
  });

  it("does not record noGrad, neither beside nor inside run", () => {
    const tape = createTape();
    const taught = tape.noGrad(features);
    const loss = tape.run(() => {
      const constant = tape.noGrad(() => tf.sum(tf.square(weight)));
      return tf.add(tf.mul(tf.sum(weight), constant), tf.sum(taught)) as tf.Scalar;
    });
    const gradients = tape.gradients({ loss }, [filter, weight]);
    expect(gradients.has(filter)).toBe(false);
    const sumOfSquares = tf.tidy(() => tf.sum(tf.square(weight)).dataSync()[0]!);
    expect(gradients.get(weight)!.dataSync()[0]).toBeCloseTo(sumOfSquares, 4);
    tape.end();
  });

  it("leaves the engine untouched and frees everything when a step throws", () => {
    const tape = createTape();
    expect(() =>
      tape.run(() => {
        features();
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(currentTape()).toBeUndefined();
    expect(tf.engine().state.gradientDepth).toBe(0);
    tape.run(features);
    tape.end();
    tape.end();
  });

  it("frees saved tensors when a backward function throws", () => {
    const failing = tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([input as tf.Tensor]);
      const gradFunc = (): tf.Tensor => {
        throw new Error("backward");
      };
      return { value: tf.square(input as tf.Tensor), gradFunc };
    });
    const tape = createTape();
    const loss = tape.run(() => tf.sum(tf.relu(failing(tf.relu(weight)))));
    expect(() => tape.gradients({ loss }, [weight])).toThrow("backward");
    tape.end();
  });

  it("keeps tensors of the result in maps and objects, and none that it did not make", () => {
    const tape = createTape();
    const result = tape.run(() => ({
      levels: new Map([[3, tf.square(image)]]),
      image,
      weight,
      ids: new Int32Array(3),
    }));
    expect(result.levels.get(3)!.isDisposed).toBe(false);
    tape.end();
    expect(result.levels.get(3)!.isDisposed).toBe(true);
    expect(image.isDisposed).toBe(false);
    expect(weight.isDisposed).toBe(false);
  });

  it("tells which tape runs", () => {
    const tape = createTape();
    expect(tape.run(() => currentTape() === tape)).toBe(true);
    expect(currentTape()).toBeUndefined();
  });

  it("refuses promises, losses that are not scalars and kernels without gradient", () => {
    const tape = createTape();
    expect(() => tape.run(async () => features())).toThrow("must be synchronous");
    const map = tape.run(features);
    expect(() => tape.gradients({ map }, [filter])).toThrow("loss map must be a scalar, got shape [1,6,6,8]");
    const loss = tape.run(() => tf.sum(tf.topk(weight, 1).values));
    const unsupported = () => tape.gradients({ loss }, [weight]);
    expect(unsupported).toThrow("kernel TopK has no gradient");
    tape.end();
    try {
      createTape().gradients({ loss: tf.tensor1d([1, 2]) }, []);
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      before += 1;
    }
  });

  it("takes gradients through unstack and split into one piece, which tfjs cannot", () => {
    const tape = createTape();
    const loss = tape.run(() => {
      const [only] = tf.unstack(tf.reshape(weight, [1, 32]));
      return tf.sum(tf.mul(tf.split(only!, 1)[0]!, 3)) as tf.Scalar;
    });
    expect([...tape.gradients({ loss }, [weight]).get(weight)!.dataSync()]).toEqual(Array(32).fill(3));
    tape.end();
  });

  const reductions = { sum: tf.sum, mean: tf.mean };
  it.each([
    ["sum", undefined, 1],
    ["sum", [-1, 0], 1],
    ["mean", undefined, 1 / 24],
    ["mean", 1, 1 / 3],
    ["mean", [0, 2], 1 / 8],
  ] as const)("spreads the gradient of %s over axes %j", (name, axes, share) => {
    const axis = axes as number | number[] | undefined;
    for (const keepDims of [false, true])
      tf.tidy(() => {
        const x = tf.randomUniform([2, 3, 4]);
        const weights = tf.randomUniform(reductions[name](x, axis, keepDims).shape);
        const gradient = tf.grad((input) => tf.mul(reductions[name](input, axis, keepDims), weights))(x);
        const kept = tf.reshape(weights, tf.sum(x, axis, true).shape);
        expect(difference(gradient, tf.mul(tf.broadcastTo(kept, x.shape), share))).toBeLessThan(1e-7);
      });
  });

  it("gives empty inputs of a sum or a mean empty gradients", () => {
    for (const reduce of Object.values(reductions)) {
      const gradient = tf.tidy(() => tf.grad((x) => reduce(x, 1))(tf.zeros([0, 3])));
      expect(gradient.shape).toEqual([0, 3]);
      gradient.dispose();
    }
  });

  it("gives a gradient that is used for two inputs its own handle each", () => {
    const tape = createTape();
    const loss = tape.run(() => tf.sum(tf.addN([weight, tf.relu(weight), weight])) as tf.Scalar);
    const gradient = tape.gradients({ loss }, [weight]).get(weight)!;
    const expected = weight.dataSync().map((value) => (value > 0 ? 3 : 2));
    expect([...gradient.dataSync()]).toEqual([...expected]);
    tape.end();
  });
});
