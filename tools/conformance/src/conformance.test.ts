import { fpn, resnet } from "@lad/backbones";
import { type ImageSizes, ndArray } from "@lad/core";
import { paa } from "@lad/detectors";
import { distill, labelAssignment } from "@lad/distill";
import { paaHead } from "@lad/heads";
import { type Batch, createTape } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerStandIn } from "./tensorflow-stand-in";

const network = (depth: 18 | 50, statistics: "batch" | "stored", frozenStages: number) => {
  const backbone = resnet({ depth, baseChannels: 2, statistics, frozenStages });
  return paa({
    backbone,
    neck: fpn({ in: backbone.channels, out: 8 }),
    head: paaHead({ classes: 3, in: 8, channels: 8, groups: 2, stackedConvs: 1 }),
  });
};

/** Odd map sizes, one image without objects. */
function makeBatch(): Batch {
  const size = { height: 40, width: 72 };
  const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
  const none = ndArray(new Float32Array(0), [0, 4]);
  return {
    ids: ["a", "b"],
    images: tf.randomNormal([2, size.height, size.width, 3], 0, 1, "float32", 1),
    sizes: [sizes, sizes],
    boxes: [ndArray(Float32Array.of(4, 4, 40, 36, 20, 10, 70, 38), [2, 4]), none],
    labels: [Int32Array.of(0, 2), new Int32Array(0)],
    ignoreBoxes: [none, none],
  };
}

describe("an engine with tfjs-node's kernels and refusals only", () => {
  let used: Set<string>;
  beforeAll(async () => {
    used = registerStandIn();
    await tf.setBackend("tensorflow");
  });

  it("refuses what tfjs-node refuses, so that this test can fail", () => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    expect(() => tf.conv2d(x, tf.ones<tf.Rank.R4>([3, 3, 1, 1]), 1, 1)).toThrow(
      "tfjs-node's Conv2D refuses numeric padding",
    );
    expect(() => tf.engine().runKernel("LadConv", { x })).toThrow("not registered");
  });

  it.each([
    { depth: 18, statistics: "batch", frozenStages: -1 },
    { depth: 50, statistics: "stored", frozenStages: 1 },
  ] as const)(
    "trains LAD and detects: ResNet-$depth, $statistics statistics",
    async ({ depth, statistics, frozenStages }) => {
      const [student, teacher] = [network(depth, statistics, frozenStages), network(18, "stored", 4)];
      const optimizer = sgd({ params: student.params, learningRate: () => 0.01 });
      for (const terms of [[], [labelAssignment(teacher)]]) {
        const method = distill(student, terms, [paramGroup({ params: student.params, optimizer })]);
        const batch = makeBatch();
        for (let iteration = 0; iteration < 2; iteration++) {
          const at = { iteration, epoch: 0, iterations: 2, epochs: 1 };
          const tape = createTape();
          const { losses } = await method.step(tape, batch, at);
          const gradients = tape.gradients(
            losses,
            method.groups.flatMap((group) => [...group.trainable(at)]),
          );
          for (const group of method.groups) group.optimizer.step(gradients, at);
          for (const loss of Object.values(losses)) expect(Number.isFinite(loss.dataSync()[0])).toBe(true);
          tape.end();
        }
        const tape = createTape();
        const out = tape.noGrad(() => student.predict(student.features(batch.images, "eval")));
        const detections = await student.detect(out, batch.sizes, { scoreThreshold: 0.01 });
        expect(detections).toHaveLength(2);
        tape.end();
      }
      expect(used.has("Conv2DBackpropFilter")).toBe(true);
      expect(used.has("PadV2")).toBe(true);
    },
  );
});
