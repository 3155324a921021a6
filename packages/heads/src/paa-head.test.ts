import "@tensorflow/tfjs-backend-cpu";
import { createTape, disposeParams } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { paaHead } from "./index";

beforeAll(() => tf.setBackend("cpu"));
const options = { classes: 3, in: 4, channels: 8, stackedConvs: 2, groups: 4, levels: 2 };
const levels = (): tf.Tensor4D[] => [tf.ones([2, 4, 5, 4]), tf.ones([2, 2, 3, 4])];

describe("paaHead", () => {
  it("predicts classes, boxes and IoU for every level, several anchors a cell if asked", () => {
    const head = paaHead({ ...options, anchorsPerCell: 2 });
    const out = tf.tidy(() =>
      head.forward(levels()).map((level) => [level.classes.shape, level.boxes.shape, level.quality?.shape]),
    );
    expect(out).toEqual([
      [
        [2, 4, 5, 6],
        [2, 4, 5, 8],
        [2, 4, 5, 2],
      ],
      [
        [2, 2, 3, 6],
        [2, 2, 3, 8],
        [2, 2, 3, 2],
      ],
    ]);
    disposeParams(head.params);
  });

  it("names its parameters as mmdet", () => {
    const head = paaHead(options);
    expect([...head.params.keys()]).toEqual([
      ...["cls_convs", "reg_convs"].flatMap((tower) =>
        [0, 1].flatMap((i) => [`${tower}.${i}.conv.weight`, `${tower}.${i}.gn.weight`, `${tower}.${i}.gn.bias`]),
      ),
      ...["atss_cls", "atss_reg", "atss_centerness"].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
      "scales.0.scale",
      "scales.1.scale",
    ]);
    disposeParams(head.params);
  });

  it("starts with every class at its prior", () => {
    const head = paaHead({ ...options, classPrior: 0.02 });
    const bias = head.params.get("atss_cls.bias")!.variable.dataSync()[0]!;
    expect(1 / (1 + Math.exp(-bias))).toBeCloseTo(0.02, 6);
    disposeParams(head.params);
  });

  it("scales the boxes of a level by that level's own factor", () => {
    const head = paaHead(options);
    head.params.get("scales.1.scale")!.variable.assign(tf.scalar(0));
    const [fine, coarse] = tf.tidy(() =>
      head.forward(levels()).map(({ boxes }) => tf.max(tf.abs(boxes)).dataSync()[0]!),
    );
    expect(fine).toBeGreaterThan(0);
    expect(coarse).toBe(0);
    disposeParams(head.params);
  });

  it("gives every parameter a gradient and leaks nothing", async () => {
    const head = paaHead(options);
    const inputs = levels();
    const variables = [...head.params.values()].map(({ variable }) => variable);
    await expectNoLeak(() => {
      const tape = createTape();
      const loss = tape.run(() =>
        tf.addN(
          head
            .forward(inputs)
            .flatMap(Object.values)
            .map((map) => tf.sum(map as tf.Tensor)),
        ),
      );
      expect(tape.gradients({ loss }, variables).size).toBe(variables.length);
      tape.end();
    });
    await expectNoLeak(() => tf.dispose(head.forward(inputs) as unknown as tf.TensorContainer));
    tf.dispose(inputs);
    disposeParams(head.params);
  });
});
