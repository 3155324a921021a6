import "@tensorflow/tfjs-backend-cpu";
import { LadError } from "@lad/core";
import { createTape, disposeParams } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Backbone, res2net, resnet, resnext } from "./index";

beforeAll(() => tf.setBackend("cpu"));

const deformable = { stages: [3, 4] };
const makers: Readonly<Record<string, () => Backbone>> = {
  resnext: () => resnext({ depth: 50, baseChannels: 2, groups: 2, baseWidth: 1, statistics: "stored" }),
  "resnext of deformable stages": () =>
    resnext({ depth: 50, baseChannels: 2, groups: 2, baseWidth: 1, deformable, statistics: "stored" }),
  res2net: () => res2net({ depth: 50, baseChannels: 2, baseWidth: 1, statistics: "stored" }),
  "resnet of modulated deformable stages": () =>
    resnet({ depth: 50, baseChannels: 2, deformable: { ...deformable, modulated: true }, statistics: "stored" }),
};
const names = ({ params }: Backbone) => [...params.keys()];

describe.each(Object.entries(makers))("%s", (_, make) => {
  it("makes the maps it announces, also of odd sizes, trains every parameter and leaks nothing", async () => {
    const backbone = make();
    // the last norm of a block starts at 0, which would hide what its body does
    for (const [name, { variable }] of backbone.params)
      if (name.endsWith("bn3.weight")) tf.tidy(() => variable.assign(tf.fill(variable.shape, 0.5)));
    const images = tf.randomNormal<tf.Rank.R4>([1, 70, 64, 3], 0, 1, "float32", 1);
    await expectNoLeak(() => {
      const tape = createTape();
      const maps = tape.run(() => backbone.forward(images, "train"));
      const sides = [18, 9, 5, 3].map((high, index) => [1, high, 16 >> index, backbone.channels[index]]);
      expect(maps.map(({ shape }) => shape)).toEqual(sides);
      const loss = tape.run(() => tf.addN(maps.map((map) => tf.mean(tf.square(map)))) as tf.Scalar);
      const trained = [...backbone.params].filter(([, { kind }]) => kind === "trainable");
      const gradients = tape.gradients(
        { loss },
        trained.map(([, { variable }]) => variable),
      );
      for (const [name, { variable }] of trained)
        expect(`${name} ${gradients.get(variable)?.dataSync().every(Number.isFinite)}`).toBe(`${name} true`);
      tape.end();
    });
    images.dispose();
    disposeParams(backbone.params);
  });

  it("has the gradient of central differences", () => {
    const backbone = make();
    for (const [name, { variable }] of backbone.params)
      if (name.endsWith("bn3.weight")) tf.tidy(() => variable.assign(tf.fill(variable.shape, 0.5)));
    const images = tf.randomNormal<tf.Rank.R4>([1, 32, 32, 3], 0, 1, "float32", 2);
    const { variable } = backbone.params.get("layer4.1.bn3.weight")!;
    const loss = () => tf.mean(backbone.forward(images)[3]!) as tf.Scalar;
    const tape = createTape();
    const gradient = tape
      .gradients({ loss: tape.run(loss) }, [variable])
      .get(variable)!
      .dataSync();
    const values = variable.dataSync().slice();
    const moved = (step: number) =>
      tf.tidy(() => {
        variable.assign(tf.tensor1d(values.map((value, at) => value + step * gradient[at]!)));
        return loss().dataSync()[0]!;
      });
    const square = Float32Array.from(gradient).reduce((sum, value) => sum + value ** 2, 0);
    expect(square).toBeGreaterThan(0);
    const step = 0.1 / Math.sqrt(square);
    expect((moved(step) - moved(-step)) / (2 * step) / square).toBeCloseTo(1, 1);
    tape.end();
    images.dispose();
    disposeParams(backbone.params);
  });
});

describe("parameters", () => {
  const shapeOf = ({ params }: Backbone, name: string) => params.get(name)?.variable.shape;

  it("of ResNeXt-101-32x4d and Res2Net-101-26w-4s have mmdet's names and widths", () => {
    const wide = resnext({ depth: 50, groups: 32, baseWidth: 4, baseChannels: 64 });
    expect(shapeOf(wide, "layer1.0.conv2.weight")).toEqual([3, 3, 4, 128]);
    expect(shapeOf(wide, "layer4.2.conv2.weight")).toEqual([3, 3, 32, 1024]);
    disposeParams(wide.params);
    const split = res2net({ depth: 101, baseChannels: 4, baseWidth: 2 });
    expect(names(split)).toEqual(
      expect.arrayContaining(["stem.6.weight", "layer3.22.convs.2.weight", "layer1.0.bns.0.bias"]),
    );
    expect(shapeOf(split, "layer2.0.downsample.1.weight")).toEqual([1, 1, 16, 32]);
    expect(names(split)).not.toContain("layer1.1.downsample.1.weight");
    disposeParams(split.params);
  });

  it("of deformable stages lie where those are; offsets start at 0", () => {
    const backbone = makers["resnext of deformable stages"]!();
    const offsets = names(backbone).filter((name) => name.endsWith("conv2.conv_offset.weight"));
    expect(offsets).toHaveLength(6 + 3);
    expect(offsets.every((name) => /^layer[34]/.test(name))).toBe(true);
    expect(shapeOf(backbone, offsets[0]!)?.at(-1)).toBe(18);
    expect(
      backbone.params
        .get(offsets[0]!)!
        .variable.dataSync()
        .every((value) => value === 0),
    ).toBe(true);
    disposeParams(backbone.params);
  });
});

it.each([
  [() => resnext({ depth: 18 as 50 }), "resnext: depth must be one of 50,101, got 18"],
  [() => res2net({ depth: 34 as 50 }), "res2net: depth must be one of 50,101, got 34"],
  [() => resnet({ depth: 18, deformable }), "resnet: depth 18 has no bottlenecks to make deformable"],
  [() => resnet({ depth: 50, deformable: { stages: [5] } }), "deformable.stages must be among 1,2,3,4, got 5"],
])("refuses what does not exist", (wrong, message) => {
  expect(wrong).toThrow(message);
  try {
    wrong();
  } catch (error) {
    expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
  }
});
