import "@tensorflow/tfjs-backend-cpu";
import { ndArray, random } from "@lad/core";
import { createTape, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { plainMethod } from "./methods";
import { paaNetwork } from "./paa-network";

const network = paaNetwork({
  depth: 18,
  baseChannels: 4,
  channels: 8,
  stackedConvs: 1,
  groups: 4,
  levels: 3,
  anchorScale: 4,
});

test("sizes reach every part", () => {
  const { params, anchors } = network({ classes: 5, random: random(0), pretrained: false });
  const shape = (name: string) => params.get(name)!.variable.shape;
  expect(shape("backbone.conv1.weight")).toEqual([7, 7, 3, 4]);
  expect(shape("neck.lateral_convs.0.conv.weight")).toEqual([1, 1, 8, 8]);
  expect(shape("bbox_head.atss_cls.weight")).toEqual([3, 3, 8, 5]);
  expect(params.has("bbox_head.cls_convs.1.conv.weight")).toBe(false);
  expect(params.has("bbox_head.scales.2.scale")).toBe(true);
  expect(params.has("neck.fpn_convs.3.conv.weight")).toBe(false);
  expect(anchors).toMatchObject({ strides: [8, 16, 32], scale: 4 });
  disposeParams(params);
});

test("the same stream draws the same network", () => {
  const weights = () => {
    const { params } = network({ classes: 2, random: random(3), pretrained: false });
    const values = params.get("bbox_head.atss_reg.weight")!.variable.dataSync();
    disposeParams(params);
    return values;
  };
  expect(weights()).toEqual(weights());
});

test("a step of the plain method gives finite losses and leaves nothing behind", async () => {
  await tf.setBackend("cpu");
  const student = network({ classes: 2, random: random(0), pretrained: false });
  const method = plainMethod({ student, teacher: undefined, groups: [] });
  const images = tf.randomNormal([1, 64, 64, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const size = { height: 64, width: 64 };
  const before = tf.memory().numTensors;
  const tape = createTape();
  const { losses } = await method.step(
    tape,
    {
      ids: ["a"],
      images,
      sizes: [{ image: size, padded: size, original: size, scale: [1, 1], flipped: false }],
      boxes: [ndArray(Float32Array.of(8, 8, 40, 44), [1, 4])],
      labels: [Int32Array.of(1)],
      ignoreBoxes: [ndArray(new Float32Array(0), [0, 4])],
    },
    { iteration: 0, epoch: 0, iterations: 1, epochs: 1 },
  );
  for (const loss of Object.values(losses)) expect(Number.isFinite(loss.dataSync()[0])).toBe(true);
  tape.end();
  expect(tf.memory().numTensors).toBe(before);
  disposeParams(student.params);
});
