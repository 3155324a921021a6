import "@tensorflow/tfjs-backend-cpu";
import { LadError, ndArray, random } from "@lad/core";
import { createTape, disposeParams, trainableVariables } from "@lad/tensor";
import { expectClose, expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  atssDistributionHead,
  distributionQuality,
  fcosDistributionHead,
  gflHead,
  gflV2Head,
  retinaDistributionHead,
} from "./index";

beforeAll(() => tf.setBackend("cpu"));
const options = { classes: 3, in: 4, channels: 8, stackedConvs: 1, groups: 4, levels: 2, binCount: 5 };
const levels = (): tf.Tensor4D[] => [tf.ones([2, 4, 5, 4]), tf.ones([2, 2, 3, 4])];
const towers = ["cls_convs", "reg_convs"].flatMap((tower) =>
  ["conv.weight", "gn.weight", "gn.bias"].map((name) => `${tower}.0.${name}`),
);
const convs = (...names: string[]) => names.flatMap((name) => [`${name}.weight`, `${name}.bias`]);
const scales = ["scales.0.scale", "scales.1.scale"];

describe("heads of distributions", () => {
  it.each([
    [
      "gflHead",
      gflHead(options),
      [...towers, ...convs("gfl_cls", "gfl_reg"), "integral.project", ...scales],
      [3, 20, undefined],
    ],
    [
      "gflV2Head",
      gflV2Head(options),
      [...towers, ...convs("gfl_cls", "gfl_reg"), "integral.project", ...convs("reg_conf.0", "reg_conf.2"), ...scales],
      [4, 20, undefined],
    ],
    [
      "atssDistributionHead",
      atssDistributionHead(options),
      [...towers, ...convs("atss_cls", "atss_reg", "atss_centerness"), "integral.project", ...scales],
      [3, 20, 1],
    ],
    [
      "fcosDistributionHead",
      fcosDistributionHead(options),
      [...towers, ...convs("conv_cls", "conv_reg", "conv_centerness"), "integral.project", ...scales],
      [3, 20, 1],
    ],
    [
      "retinaDistributionHead",
      retinaDistributionHead({ ...options, groups: 0 }),
      [...convs("cls_convs.0.conv", "reg_convs.0.conv", "atss_cls", "atss_reg"), "integral.project"],
      [27, 180, undefined],
    ],
  ])(
    "%s names its parameters as the reference, gives all of them gradients and leaks nothing",
    async (_, head, names, channels) => {
      expect([...head.params.keys()]).toEqual(names);
      expect(head.params.get("integral.project")!.kind).toBe("buffer");
      const inputs = levels();
      const variables = trainableVariables(head.params);
      await expectNoLeak(() => {
        const tape = createTape();
        const out = tape.run(() => head.forward(inputs));
        const [fine, coarse] = out;
        expect([fine!.classes, fine!.boxes, fine!.quality].map((map) => map?.shape.at(-1))).toEqual(channels);
        expect(coarse!.boxes.shape.slice(0, 3)).toEqual([2, 2, 3]);
        const loss = tape.run(() =>
          tf.addN(out.flatMap((level) => Object.values(level) as tf.Tensor[]).map((map) => tf.sum(tf.square(map)))),
        );
        expect(tape.gradients({ loss }, variables).size).toBe(variables.length);
        tape.end();
      });
      tf.dispose(inputs);
      disposeParams(head.params);
    },
  );

  it("gflV2Head gives probabilities that the quality lowers, and the logits they are made of", () => {
    const head = gflV2Head(options);
    expect([head.form, head.classes, gflHead(options).form]).toEqual(["probabilities", 3, "logits"]);
    tf.tidy(() => {
      const [fine] = head.forward(levels());
      const [probabilities, plain] = [fine!.classes.dataSync(), tf.sigmoid(fine!.logits!).dataSync()];
      probabilities.forEach((value, index) => {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThan(plain[index]!);
      });
    });
    disposeParams(head.params);
  });

  it("refuses what it cannot do", () => {
    expect(() => gflHead({ ...options, binCount: 1 })).toThrow("binCount must be an integer of at least 2, got 1");
    try {
      gflV2Head({ ...options, anchorsPerCell: 2 });
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("UNSUPPORTED");
      expect(String(error)).toContain("wants 1 anchor per cell, got 2");
    }
    expect(() => distributionQuality({ topk: 0 })).toThrow("topk must be an integer of at least 1, got 0");
  });
});

describe("distributionQuality", () => {
  const logits = () => tf.randomNormal<tf.Rank.R4>([1, 2, 2, 20], 0, 2, "float32", 3);

  it.each([true, false])("reads the best probabilities of every side, with their mean: %s", (mean) => {
    const part = distributionQuality({ topk: 2, mean, channels: 3 })({ binCount: 5, random: random(1) });
    const input = logits();
    const got = tf.tidy(() => part.forward(input).dataSync());
    const value = (name: string) => part.params.get(name)!.variable.dataSync();
    const rows = input.dataSync();
    const expected = Float32Array.from({ length: 4 }, (_, cell) => {
      const read = [0, 1, 2, 3].flatMap((side) => {
        const parts = [...rows.subarray(cell * 20 + side * 5, cell * 20 + side * 5 + 5)].map(Math.exp);
        const total = parts.reduce((sum, part_) => sum + part_, 0);
        const best = parts
          .map((part_) => part_ / total)
          .sort((a, b) => b - a)
          .slice(0, 2);
        return mean ? [...best, (best[0]! + best[1]!) / 2] : best;
      });
      const hidden = [0, 1, 2].map((out) =>
        Math.max(
          0,
          read.reduce((sum, x, i) => sum + x * value("0.weight")[i * 3 + out]!, value("0.bias")[out]!),
        ),
      );
      const sum = hidden.reduce((total, x, i) => total + x * value("2.weight")[i]!, value("2.bias")[0]!);
      return 1 / (1 + Math.exp(-sum));
    });
    expectClose(ndArray(got as Float32Array, [4]), ndArray(expected, [4]));
    input.dispose();
    disposeParams(part.params);
  });

  it("passes its gradient on to the distributions", () => {
    const part = distributionQuality({ topk: 2 })({ binCount: 5, random: random(1) });
    for (const name of ["0.weight", "2.weight"]) {
      const { variable } = part.params.get(name)!;
      variable.assign(tf.tidy(() => tf.mul(variable, 100)));
    }
    expectGradient((x) => part.forward(x as tf.Tensor4D), [logits()], { step: 3e-3 });
    disposeParams(part.params);
  });
});
