import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import type { Paa } from "@lad/detectors";
import { createTape, type Method } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finiteStep, paaFixture, sizes } from "../test/paa-fixture";
import { colad, distill, labelAssignment, softLabels } from "./index";

type Networks = Awaited<ReturnType<typeof paaFixture>>["networks"];

/** Every method of the LAD paper, and the network whose gradients are looked at. */
const methods: Record<string, (networks: Networks) => [Method, Paa]> = {
  PAA: ({ plain }) => [distill(plain, [], []), plain],
  "IO, no IoU branch weighed": ({ io }) => [distill(io, [], []), io],
  "COP without an IoU branch": ({ cop }) => [distill(cop, [], []), cop],
  "soft labels": ({ plain, other }) => [distill(plain, [softLabels(plain, other, { base: "drop" })], []), plain],
  "soft labels by L1, of anchors": ({ plain, cop }) => [
    distill(plain, [softLabels(plain, cop, { base: "drop", form: "l1", usePredictedBoxes: false })], []),
    plain,
  ],
  "soft labels by L2": ({ cop, io }) => [distill(cop, [softLabels(cop, io, { base: "drop", form: "l2" })], []), cop],
  LAD: ({ plain, other }) => [distill(plain, [labelAssignment(other)], []), plain],
  "LAD, COP taught by IO": ({ cop, io }) => [distill(cop, [labelAssignment(io)], []), cop],
  SoLAD: ({ plain, other }) => [
    distill(plain, [labelAssignment(other), softLabels(plain, other, { minIou: 0.5, classWeight: 2 })], []),
    plain,
  ],
  CoLAD: ({ plain, cop }) => [colad(plain, cop, []), plain],
  "CoLAD's second network": ({ plain, cop }) => [colad(plain, cop, []), cop],
  "CoLAD by Fisher's criterion": ({ plain, other }) => [
    colad(plain, other, [], { criterion: "fisher", granularity: "gt" }),
    plain,
  ],
  "CoLAD per image": ({ plain, io }) => [colad(plain, io, [], { granularity: "image" }), io],
  "CoLAD per batch": ({ io, other }) => [colad(io, other, [], { granularity: "batch" }), other],
};

/** Ground truths of both images, xyxy px one after another. */
const batches: Record<string, readonly [number[], number[]]> = {
  "where every image is empty": [[], []],
  "where one image is empty and the other's ground truth smaller than a stride": [[], [5, 5, 6, 6]],
  "with ground truths of no extent, and two in one place": [
    [30, 30, 30, 30],
    [20, 20, 60, 60, 20, 20, 60, 60],
  ],
  "with one that leaves no candidate to another": [[40, 30, 42, 32, 40, 30, 42, 32.5], []],
};

describe("hard batches", () => {
  let fixture: Awaited<ReturnType<typeof paaFixture>>;
  beforeAll(async () => {
    fixture = await paaFixture();
  });
  afterAll(() => fixture.dispose());

  /** Runs with some parameters of every network replaced, and puts them back. */
  async function replacing(replace: (name: string, shape: number[]) => number | undefined, work: () => Promise<void>) {
    const kept: [tf.Variable, tf.Tensor][] = [];
    for (const { params } of Object.values(fixture.networks))
      for (const [name, { variable }] of params) {
        const value = replace(name, variable.shape);
        if (value === undefined) continue;
        kept.push([variable, variable.clone()]);
        variable.assign(tf.tidy(() => tf.fill(variable.shape, value)));
      }
    try {
      await work();
    } finally {
      for (const [variable, before] of kept) {
        variable.assign(before);
        before.dispose();
      }
    }
  }

  describe.each(Object.keys(methods))("%s trains on", (name) => {
    it.each(Object.keys(batches))("%s", async (batch) => {
      const [method, network] = methods[name]!(fixture.networks);
      await finiteStep(method, fixture.batchOf(...batches[batch]!), network);
    });

    it("when all costs are the same", async () => {
      // outputs that depend on no pixel: a small object inside many anchors costs every one of them the same
      const constant = (parameter: string) =>
        /^bbox_head\.(atss_cls|atss_reg|objectness|obj_bias|coeff_conv)\.weight$/.test(parameter) ? 0 : undefined;
      await replacing(constant, async () => {
        const { plain } = fixture.networks;
        const batch = fixture.batchOf([46, 30, 48, 32], [10, 8, 60, 50]);
        const tape = createTape();
        const out = tape.noGrad(() => plain.predict(plain.features(batch.images)));
        const [costs] = await plain.costs(out, plain.preAssign(out, batch));
        tape.end();
        expect(costs!.length).toBeGreaterThan(2);
        expect(Math.max(...costs!) - Math.min(...costs!)).toBeLessThan(1e-5);
        const [method, network] = methods[name]!(fixture.networks);
        await finiteStep(method, batch, network);
      });
    });

    it("when every box lies outside of its image, where clipping leaves none of its area", async () => {
      const away = (parameter: string) => (parameter === "bbox_head.atss_reg.bias" ? -40 : undefined);
      await replacing(away, async () => {
        const [method, network] = methods[name]!(fixture.networks);
        await finiteStep(method, fixture.batchOf([20, 20, 60, 60], [10, 8, 60, 50]), network);
      });
    });
  });

  it.each(["plain", "io", "cop"] as const)("%s: boxes without area that are kept stay what they are", async (name) => {
    const away = (parameter: string) => (parameter === "bbox_head.atss_reg.bias" ? -40 : undefined);
    await replacing(away, async () => {
      const network = fixture.networks[name];
      const { images } = fixture.batchOf([], []);
      await expectNoLeak(async () => {
        const tape = createTape();
        const out = tape.noGrad(() => network.predict(network.features(images)));
        const found = await network.detect(out, [sizes, sizes], { scoreThreshold: 0, voting: true });
        tape.end();
        const { boxes, scores } = found[0]!;
        expect(scores.length).toBeGreaterThan(0);
        expect(boxes).toEqual(ndArray(new Float32Array(boxes.data.length), boxes.shape));
      });
    });
  });
});
