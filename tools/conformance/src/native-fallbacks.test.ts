import "@tensorflow/tfjs-backend-cpu";
import { registerNative, takeFallbacks } from "@lad/backend-native";
import type { DistributionDetector, Paa } from "@lad/detectors";
import { colad, distill, labelAssignment, localization, softLabels } from "@lad/distill";
import { conditionalObjectness, implicitObject } from "@lad/heads";
import { type AnyDetector, createTape, type Method } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { smallBatch, smallGfl, smallPaa, smallStep } from "./small-training";

/** Kernels that may run in JavaScript, and why. At most 5, and at most 2 % of a step's time. */
const allowed: Readonly<Record<string, string>> = {};

const missing = process.env.LAD_ADDON_MISSING;

if (missing !== undefined) it(`cannot run here: ${missing}`, () => expect(missing).toContain("this is missing"));
else describe("the native engine", onNative);

function onNative(): void {
  const networks: Record<string, Paa> = {};
  const distributed: Record<string, DistributionDetector> = {};
  beforeAll(async () => {
    tf.env().set("PROD", true);
    await registerNative({ threads: 1 });
    await tf.setBackend("native");
    const [statistics, width] = ["stored", 8] as const;
    Object.assign(networks, {
      plain: smallPaa({ width }),
      deep: smallPaa({ depth: 50, statistics, width, frozenStages: 1 }),
      teacher: smallPaa({ statistics, width, frozenStages: 4 }),
      io: smallPaa({ width, head: { probability: implicitObject() } }),
      cop: smallPaa({ width, head: { probability: conditionalObjectness(), iouBranch: false } }),
    });
    Object.assign(distributed, { gfl1: smallGfl(1, { width }), gfl2: smallGfl(2, { width }) });
  });
  const groups = (...trained: string[]) =>
    trained.map((name) => {
      const { params } = (networks[name] ?? distributed[name])!;
      return paramGroup({ params, optimizer: sgd({ params, learningRate: () => 0.001 }) });
    });

  const methods: Record<string, (all: Record<string, Paa>) => Method> = {
    "PAA, batch norm": ({ plain }) => distill(plain!, [], groups("plain")),
    "PAA, stored statistics": ({ deep }) => distill(deep!, [], groups("deep")),
    "PAA-IO": ({ io }) => distill(io!, [], groups("io")),
    "PAA-COP": ({ cop }) => distill(cop!, [], groups("cop")),
    LAD: ({ plain, teacher }) => distill(plain!, [labelAssignment(teacher!)], groups("plain")),
    KD: ({ plain, teacher }) => distill(plain!, [softLabels(plain!, teacher!, { base: "drop" })], groups("plain")),
    "KD by L1": ({ cop, teacher }) => distill(cop!, [softLabels(cop!, teacher!, { form: "l1" })], groups("cop")),
    SoLAD: ({ plain, teacher }) =>
      distill(plain!, [labelAssignment(teacher!), softLabels(plain!, teacher!, { minIou: 0.2 })], groups("plain")),
    GFocal: () => distill(distributed.gfl1!, [], groups("gfl1")),
    "GFocal V2": () => distill(distributed.gfl2!, [], groups("gfl2")),
    LD: () => distill(distributed.gfl1!, [localization(distributed.gfl1!, distributed.gfl2!)], groups("gfl1")),
    CoLAD: ({ plain, deep }) => colad(plain!, deep!, groups("plain", "deep")),
  };

  it.each(Object.keys(methods))("runs a training step of %s without JavaScript", async (name) => {
    const method = methods[name]!(networks);
    const batch = smallBatch({ height: 104, width: 136 });
    await smallStep(method, batch, 0);
    takeFallbacks();
    const startedAt = performance.now();
    await smallStep(method, batch, 1);
    const stepMs = performance.now() - startedAt;
    const fallbacks = [...takeFallbacks()];
    expect(fallbacks.map(([kernel]) => kernel).filter((kernel) => !(kernel in allowed))).toEqual([]);
    expect(fallbacks.reduce((sum, [, { elapsedMs }]) => sum + elapsedMs, 0)).toBeLessThanOrEqual(0.02 * stepMs);
    batch.images.dispose();
  });

  it("detects without JavaScript", async () => {
    const batch = smallBatch({ height: 104, width: 136 });
    for (const detector of [...Object.values(networks), ...Object.values(distributed)] as AnyDetector[]) {
      takeFallbacks();
      const tape = createTape();
      const out = tape.noGrad(() => detector.predict(detector.features(batch.images, "eval")));
      await detector.detect(out, batch.sizes, { scoreThreshold: 0.01 });
      tape.end();
      expect([...takeFallbacks().keys()]).toEqual([]);
    }
  });

  it("counts what does run in JavaScript, so that this test can fail", () => {
    takeFallbacks();
    tf.dispose(tf.localResponseNormalization(tf.ones([1, 2, 2, 3]) as tf.Tensor4D));
    expect([...takeFallbacks().keys()]).toEqual(["LRN"]);
  });
}

it("lists at most 5 kernels, each with a reason", () => {
  expect(Object.keys(allowed).length).toBeLessThanOrEqual(5);
  expect(Object.values(allowed).every((reason) => reason.length > 20)).toBe(true);
});
