import { distill, labelAssignment } from "@lad/distill";
import { createTape } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { smallBatch, smallPaa, smallStep } from "./small-training";
import { registerStandIn } from "./tensorflow-stand-in";

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
      const [student, teacher] = [
        smallPaa({ depth, statistics, frozenStages }),
        smallPaa({ statistics: "stored", frozenStages: 4 }),
      ];
      const optimizer = sgd({ params: student.params, learningRate: () => 0.01 });
      for (const terms of [[], [labelAssignment(teacher)]]) {
        const method = distill(student, terms, [paramGroup({ params: student.params, optimizer })]);
        const batch = smallBatch();
        for (let iteration = 0; iteration < 2; iteration++)
          expect((await smallStep(method, batch, iteration)).every(Number.isFinite)).toBe(true);
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
