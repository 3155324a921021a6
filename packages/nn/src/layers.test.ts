import { random } from "@lad/core";
import { createTape, disposeParams, type Params } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise4d, onEngines } from "../test/engines";
import { batchNormLayer } from "./batch-norm-layer";
import { convLayer } from "./conv-layer";
import { groupNormLayer } from "./group-norm-layer";
import { constant } from "./initializers";
import { scaleLayer } from "./scale-layer";

const valuesOf = (params: Params, name: string) => [...params.get(name)!.variable.dataSync()];
const describeParams = (params: Params) =>
  [...params].map(([name, { kind, layout, variable }]) => `${name} ${kind} ${layout} [${variable.shape}]`);

onEngines(() => {
  it("convLayer holds weight and bias and keeps the size by default", () => {
    const layer = convLayer({
      in: 2,
      out: 3,
      kernel: 3,
      bias: true,
      biasValue: -4,
      initial: constant(0),
      random: random(1),
    });
    expect(describeParams(layer.params)).toEqual(["weight trainable conv [3,3,2,3]", "bias trainable plain [3]"]);
    const out = layer.forward(noise4d([1, 4, 5, 2]));
    expect(out.shape).toEqual([1, 4, 5, 3]);
    expect([...new Set(out.dataSync())]).toEqual([-4]);
    expect([...convLayer({ in: 2, out: 3, kernel: 1, random: random(1) }).params.keys()]).toEqual(["weight"]);
  });

  it("convLayer draws reproducible weights and refuses even kernels without padding", () => {
    const draw = () => valuesOf(convLayer({ in: 2, out: 2, kernel: 1, random: random(5) }).params, "weight");
    expect(draw()).toEqual(draw());
    const even = convLayer({ in: 1, out: 1, kernel: 2, random: random(1) });
    expect(() => even.forward(noise4d([1, 4, 4, 1]))).toThrow("padding must be an integer of at least 0, got 0.5");
    expect(() => convLayer({ in: 0, out: 1, kernel: 1, random: random(1) })).toThrow(
      "convLayer: in must be an integer",
    );
  });

  it("layers leave nothing behind when their params are disposed", async () => {
    await expectNoLeak(() => {
      const x = noise4d([2, 3, 3, 4]);
      const layers = [
        convLayer({ in: 4, out: 4, kernel: 3, bias: true, random: random(1) }),
        batchNormLayer({ channels: 4 }),
        groupNormLayer({ channels: 4, groups: 2 }),
        scaleLayer(2),
      ];
      for (const layer of layers) {
        layer.forward(x, "train").dispose();
        layer.forward(x).dispose();
        disposeParams(layer.params);
      }
      x.dispose();
    });
  });

  it("batchNormLayer uses and moves statistics by mode", () => {
    const layer = batchNormLayer({ channels: 2, scale: 0.5 });
    expect(describeParams(layer.params)).toEqual([
      "weight trainable plain [2]",
      "bias trainable plain [2]",
      "running_mean buffer plain [2]",
      "running_var buffer plain [2]",
    ]);
    const x = tf.tensor4d([0, 10, 4, 10], [1, 2, 1, 2]); // means 2, 10; unbiased variances 8, 0
    expect(layer.forward(x).dataSync()[2]).toBeCloseTo(2, 4);
    expect(valuesOf(layer.params, "running_mean")).toEqual([0, 0]);
    const trained = layer.forward(x, "train").dataSync();
    [-0.5, 0, 0.5, 0].forEach((value, index) => {
      expect(trained[index]).toBeCloseTo(value, 4);
    });
    expect(valuesOf(layer.params, "running_mean")[0]).toBeCloseTo(0.2, 6);
    expect(valuesOf(layer.params, "running_mean")[1]).toBeCloseTo(1, 6);
    expect(valuesOf(layer.params, "running_var")[0]).toBeCloseTo(0.9 + 0.8, 5);
    expect(valuesOf(layer.params, "running_var")[1]).toBeCloseTo(0.9, 5);
  });

  it("batchNormLayer moves its statistics once per tape, always without one, never when they are stored", () => {
    const layer = batchNormLayer({ channels: 1 });
    const x = tf.tensor4d([1, 3], [1, 2, 1, 1]);
    const mean = () => valuesOf(layer.params, "running_mean")[0];
    for (const expected of [0.2, 0.38]) {
      const tape = createTape();
      tape.run(() => layer.forward(x, "train"));
      tape.run(() => layer.forward(x, "train"));
      tape.end();
      expect(mean()).toBeCloseTo(expected, 5);
    }
    layer.forward(x, "train");
    layer.forward(x, "train");
    expect(mean()).toBeCloseTo(2 - 1.62 * 0.81, 5);
    const stored = batchNormLayer({ channels: 1, statistics: "stored" });
    expect(stored.forward(x, "train").dataSync()[1]).toBeCloseTo(3, 4);
    expect(valuesOf(stored.params, "running_mean")).toEqual([0]);
  });

  it("batchNormLayer trains under a tape without leaking and refuses a single value per channel", async () => {
    const layer = batchNormLayer({ channels: 2 });
    const weight = layer.params.get("weight")!.variable;
    await expectNoLeak(() => {
      const tape = createTape();
      const loss = tape.run(() => {
        const x = noise4d([2, 2, 2, 2]);
        return tf.sum(tf.square(layer.forward(x, "train")));
      });
      // sum of squares of 8 normalised values per channel, times 2·weight
      expect(tape.gradients({ loss }, [weight]).get(weight)!.dataSync()[0]).toBeCloseTo(16, 3);
      tape.end();
    });
    expect(() => layer.forward(tf.zeros([1, 1, 1, 2]), "train")).toThrow(
      "more than 1 value per channel, got x [1,1,1,2]",
    );
  });

  it("groupNormLayer and scaleLayer hold their parameters", () => {
    const norm = groupNormLayer({ channels: 4, groups: 2 });
    expect(describeParams(norm.params)).toEqual(["weight trainable plain [4]", "bias trainable plain [4]"]);
    expect(norm.forward(noise4d([1, 2, 2, 4])).shape).toEqual([1, 2, 2, 4]);
    const scale = scaleLayer(3);
    expect(describeParams(scale.params)).toEqual(["scale trainable plain []"]);
    expect([...scale.forward(tf.ones([1, 1, 1, 2])).dataSync()]).toEqual([3, 3]);
  });
});
