import "@tensorflow/tfjs-backend-cpu";
import { LadError } from "@lad/core";
import { createTape, disposeParams, type Mode } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type ResnetOptions, resnet } from "./index";

beforeAll(() => tf.setBackend("cpu"));

const run = (options: ResnetOptions, shape: [number, number, number, number], mode?: Mode) => {
  const backbone = resnet({ baseChannels: 2, ...options });
  const images = tf.randomNormal<tf.Rank.R4>(shape, 0, 1, "float32", 1);
  const maps = backbone.forward(images, mode);
  const shapes = maps.map((map) => map.shape);
  tf.dispose([images, maps]);
  disposeParams(backbone.params);
  return { backbone, shapes };
};

describe("resnet", () => {
  it("makes maps of strides 4 to 32 with the channels it announces, also of odd sizes", () => {
    const { backbone, shapes } = run({ depth: 18 }, [1, 33, 50, 3]);
    expect(shapes).toEqual([
      [1, 9, 13, 2],
      [1, 5, 7, 4],
      [1, 3, 4, 8],
      [1, 2, 2, 16],
    ]);
    expect(backbone.channels).toEqual([2, 4, 8, 16]);
    expect(run({ depth: 50 }, [1, 32, 32, 3]).backbone.channels).toEqual([8, 16, 32, 64]);
  });

  it("names parameters as torchvision", () => {
    const names = [...run({ depth: 50 }, [1, 32, 32, 3]).backbone.params.keys()];
    expect(names).toContain("layer3.5.conv3.weight");
    expect(names).toContain("layer1.0.downsample.1.running_var");
    expect(names.slice(0, 2)).toEqual(["conv1.weight", "bn1.weight"]);
    // 53 convolutions; 53 norms of 4
    expect(names).toHaveLength(53 + 53 * 4);
  });

  it("has as many weights as torchvision's ResNet-18 without its classifier", () => {
    const backbone = resnet({ depth: 18 });
    const weights = [...backbone.params.values()].filter(({ kind }) => kind === "trainable");
    expect(weights.reduce((sum, { variable }) => sum + variable.size, 0)).toBe(11_176_512);
    disposeParams(backbone.params);
  });

  it("starts every residual block as its shortcut", () => {
    const backbone = resnet({ depth: 18, baseChannels: 2 });
    expect([...backbone.params.get("layer1.1.bn2.weight")!.variable.dataSync()]).toEqual([0, 0]);
    disposeParams(backbone.params);
  });

  it("freezes the stem and the first stages: no gradient, no record, stored statistics", () => {
    const backbone = resnet({ depth: 18, baseChannels: 2, frozenStages: 1 });
    const kinds = [...backbone.params].filter(([, { kind }]) => kind === "frozen").map(([name]) => name);
    expect(kinds.every((name) => /^(conv1|bn1|layer1)/.test(name))).toBe(true);
    expect(kinds).toContain("layer1.1.bn2.bias");
    const image = tf.randomNormal<tf.Rank.R4>([2, 32, 32, 3], 0, 1, "float32", 1);
    const tape = createTape();
    const loss = tape.run(() => tf.sum(backbone.forward(image, "train")[3]!));
    const all = [...backbone.params.values()].map(({ variable }) => variable);
    const reached = new Set(tape.gradients({ loss }, all).keys());
    for (const [name, { variable, kind }] of backbone.params)
      expect(`${name} ${reached.has(variable)}`).toBe(`${name} ${kind === "trainable"}`);
    const mean = (name: string) => backbone.params.get(name)!.variable.dataSync()[0];
    expect(mean("bn1.running_mean")).toBe(0);
    expect(mean("layer2.0.bn1.running_mean")).not.toBe(0);
    tape.end();
    image.dispose();
    disposeParams(backbone.params);
  });

  it("does not move stored statistics when they are what it normalises with", () => {
    const backbone = resnet({ depth: 18, baseChannels: 2, statistics: "stored" });
    const image = tf.randomNormal<tf.Rank.R4>([1, 32, 32, 3], 0, 1, "float32", 1);
    tf.dispose(backbone.forward(image, "train"));
    expect([...backbone.params.get("bn1.running_var")!.variable.dataSync()]).toEqual([1, 1]);
    image.dispose();
    disposeParams(backbone.params);
  });

  it("differs between the styles by where a bottleneck strides", () => {
    expect(run({ depth: 50, style: "caffe" }, [1, 32, 32, 3]).shapes).toEqual(
      run({ depth: 50 }, [1, 32, 32, 3]).shapes,
    );
    const values = (style: "caffe" | "pytorch") => {
      const backbone = resnet({ depth: 50, baseChannels: 2, style });
      // the last norm of a block starts at 0, which would hide what its body does
      for (const [name, { variable }] of backbone.params)
        if (name.endsWith("bn3.weight")) variable.assign(tf.onesLike(variable));
      const sum = tf.tidy(() => tf.sum(backbone.forward(tf.ones([1, 64, 64, 3]), "train")[3]!).dataSync()[0]);
      disposeParams(backbone.params);
      return sum;
    };
    expect(values("caffe")).not.toBe(values("pytorch"));
  });

  it("leaks nothing, in either mode, recorded or not", async () => {
    const backbone = resnet({ depth: 18, baseChannels: 2, frozenStages: 1 });
    const image = tf.zeros<tf.Rank.R4>([2, 32, 32, 3]);
    await expectNoLeak(() => tf.dispose(backbone.forward(image)));
    await expectNoLeak(() => tf.dispose(backbone.forward(image, "train")));
    await expectNoLeak(() => {
      const tape = createTape();
      tape.run(() => backbone.forward(image, "train"));
      tape.end();
    });
    image.dispose();
    disposeParams(backbone.params);
  });

  it("refuses depths that do not exist", () => {
    const wrong = () => resnet({ depth: 19 as 18 });
    expect(wrong).toThrow("resnet: depth must be one of 18,34,50,101, got 19");
    try {
      wrong();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
    }
  });
});
