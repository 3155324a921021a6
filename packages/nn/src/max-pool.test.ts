import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { distinct, onEngines, registerStrictEngine } from "../test/engines";
import { maxPool } from "./max-pool";

function battery(): void {
  it("maxPool ignores padding, floors, and leaves one tensor", async () => {
    const x = tf.tensor4d([-9, -2, -3, -4, -5, -6, -7, -8, -1, -10, -11, -12], [1, 3, 4, 1]);
    const value = await expectNoLeak(() => maxPool(x, { size: 3, stride: 2, padding: 1 }), 1);
    expect(value.shape).toEqual([1, 2, 2, 1]);
    expect([...value.dataSync()]).toEqual([-2, -2, -1, -6]);
    expect(maxPool(x, { size: 2, stride: 2 }).shape).toEqual([1, 1, 2, 1]);
  });
}

// stock wasm's MaxPoolGrad takes windows without a positive value wrongly; @lad/backends replaces it
function gradientBattery(): void {
  it("maxPool has a gradient", () => {
    expectGradient((x) => maxPool(x as tf.Tensor4D, { size: 3, stride: 2, padding: 1 }), [distinct([2, 5, 4, 2])]);
    expectGradient((x) => maxPool(x as tf.Tensor4D, { size: 2, stride: 1 }), [distinct([1, 4, 3, 1])]);
  });

  it("maxPool gives the gradient to the first of equal maxima", () => {
    const x = tf.variable(tf.zeros([1, 4, 4, 1]) as tf.Tensor4D);
    const tape = createTape();
    const loss = tape.run(() => tf.sum(maxPool(x, { size: 3, stride: 2, padding: 1 })));
    const gradient = [...tape.gradients({ loss }, [x]).get(x)!.dataSync()];
    tape.end();
    expect(gradient).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
}

onEngines((engine) => {
  battery();
  if (engine === "cpu") gradientBattery();

  it("maxPool refuses bad windows", () => {
    const x = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
    expect(() => maxPool(x, { size: 3, stride: 1 })).toThrow("a window of 3 does not fit x [1,2,2,1] with padding 0");
    expect(() => maxPool(x, { size: 2, stride: 1, padding: 2 })).toThrow("padding 2 must be at most half of size 2");
    expect(() => maxPool(x, { size: 2, stride: 0 })).toThrow("stride must be an integer of at least 1, got 0");
  });
});

describe("an engine that refuses numeric padding", () => {
  beforeAll(async () => {
    registerStrictEngine();
    await tf.setBackend("tensorflow");
  });
  afterAll(() => tf.removeBackend("tensorflow"));
  battery();
  gradientBattery();
});
