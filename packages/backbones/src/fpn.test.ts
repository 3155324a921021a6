import "@tensorflow/tfjs-backend-cpu";
import { disposeParams } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type FpnOptions, fpn } from "./index";

beforeAll(() => tf.setBackend("cpu"));

const maps = (): tf.Tensor4D[] =>
  [
    [8, 10, 2],
    [4, 5, 3],
    [2, 3, 4],
    [1, 2, 5],
  ].map(([height, width, channels]) => tf.randomNormal([1, height!, width!, channels!], 0, 1, "float32", 1));

const shapesOf = (options: Omit<FpnOptions, "in">) => {
  const pyramid = fpn({ in: [2, 3, 4, 5], out: 6, ...options });
  const inputs = maps();
  const levels = pyramid.forward(inputs);
  const shapes = levels.map(({ shape }) => shape.slice(1, 3).join("x"));
  tf.dispose([inputs, levels]);
  disposeParams(pyramid.params);
  return { shapes, names: [...pyramid.params.keys()] };
};

describe("fpn", () => {
  it("makes five levels of C3, C4, C5, the last two by strided convolutions", () => {
    const { shapes, names } = shapesOf({});
    expect(shapes).toEqual(["4x5", "2x3", "1x2", "1x1", "1x1"]);
    expect(names.filter((name) => name.startsWith("lateral"))).toHaveLength(6);
    expect(names).toContain("fpn_convs.4.conv.bias");
  });

  it("subsamples the last level where there are no extra convolutions", () => {
    const { shapes, names } = shapesOf({ startLevel: 0, extra: "none" });
    expect(shapes).toEqual(["8x10", "4x5", "2x3", "1x2", "1x1"]);
    expect(names.filter((name) => name.startsWith("fpn_convs"))).toHaveLength(8);
  });

  it("reads the source it is told to: the extra convolution's width says so", () => {
    const weight = (extra: FpnOptions["extra"]) => {
      const pyramid = fpn({ in: [2, 3, 4, 5], out: 6, ...(extra && { extra }) });
      const { shape } = pyramid.params.get("fpn_convs.3.conv.weight")!.variable;
      disposeParams(pyramid.params);
      return shape;
    };
    expect(weight("onInput")).toEqual([3, 3, 5, 6]);
    expect(weight("onLateral")).toEqual([3, 3, 6, 6]);
  });

  it("tells lateral, output and relu variants apart", () => {
    const last = (options: Omit<FpnOptions, "in">) => {
      const pyramid = fpn({ in: [2, 3, 4, 5], out: 6, ...options });
      const value = tf.tidy(() => tf.sum(pyramid.forward(maps())[4]!).dataSync()[0]);
      disposeParams(pyramid.params);
      return value;
    };
    const values = [
      last({}),
      last({ extra: "onLateral" }),
      last({ extra: "onInput" }),
      last({ reluBeforeExtra: true }),
    ];
    expect(new Set(values).size).toBe(4);
  });

  it("leaks nothing and refuses what does not fit", async () => {
    const pyramid = fpn({ in: [2, 3, 4, 5], out: 6 });
    const inputs = maps();
    await expectNoLeak(() => tf.dispose(pyramid.forward(inputs)));
    expect(() => pyramid.forward(inputs.slice(1))).toThrow("fpn: wanted 4 maps, got 3");
    expect(() => fpn({ in: [2, 3], startLevel: 2 })).toThrow("5 levels cannot be made of 2 maps from map 2 on");
    expect(() => fpn({ in: [2, 3, 4], startLevel: 0, levels: 2 })).toThrow("fpn: 2 levels");
    tf.dispose(inputs);
    disposeParams(pyramid.params);
  });
});
