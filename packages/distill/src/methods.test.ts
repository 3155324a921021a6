import "@tensorflow/tfjs-backend-cpu";
import type { Paa } from "@lad/detectors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paaFixture, finiteStep as step } from "../test/paa-fixture";
import { colad, distill, labelAssignment, type SoftLabelsOptions, softLabels } from "./index";

describe("methods on PAA networks", () => {
  let fixture: Awaited<ReturnType<typeof paaFixture>>;
  let networks: Record<string, Paa>;
  beforeAll(async () => {
    fixture = await paaFixture();
    networks = fixture.networks;
  });
  afterAll(() => fixture.dispose());
  const some = () => fixture.batchOf([10, 8, 60, 50, 30, 4, 90, 60], [20, 20, 60, 60]);

  const soft = (student: string, teacher: string, options?: SoftLabelsOptions) =>
    softLabels(networks[student]!, networks[teacher]!, options);

  it("KD: three losses and nothing else; SoLAD: beside the student's own, one teacher forward", async () => {
    const { plain, other } = networks as { plain: Paa; other: Paa };
    const kd = await step(distill(plain, [soft("plain", "other", { base: "drop" })], []), some(), plain);
    expect(Object.keys(kd.values).sort()).toEqual(["loss_kd_bbox", "loss_kd_centerness", "loss_kd_cls"]);
    expect(kd.metrics.kd_num).toBeGreaterThan(0);
    const solad = await step(
      distill(plain, [labelAssignment(other), soft("plain", "other", { minIou: 0.2, classWeight: 2 })], []),
      some(),
      plain,
    );
    expect(Object.keys(solad.values)).toHaveLength(6);
    expect(solad.metrics.positives).toBeGreaterThan(0);
    expect(solad.metrics.kd_num).toBeLessThan(kd.metrics.kd_num!);
  });

  it.each(["kl", "l1", "l2"] as const)("soft labels (%s) of a network for itself teach nothing", async (form) => {
    const { plain } = networks as { plain: Paa };
    const { values, largest } = await step(
      distill(plain, [soft("plain", "plain", { base: "drop", form })], []),
      some(),
      plain,
    );
    for (const value of Object.values(values)) expect(Math.abs(value)).toBeLessThan(1e-4);
    // |s − t| has a kink where they are equal: rounding decides the sign of its slope
    if (form !== "l1") expect(largest).toBeLessThan(1e-2);
  });

  it("L1 and L2 grow with the difference", async () => {
    const { plain } = networks as { plain: Paa };
    for (const form of ["l1", "l2"] as const) {
      const { values } = await step(
        distill(plain, [soft("plain", "other", { base: "drop", form })], []),
        some(),
        plain,
      );
      expect(values.loss_kd_cls).toBeGreaterThan(0);
    }
  });

  it.each([
    ["io", "plain"],
    ["cop", "plain"],
    ["plain", "cop"],
    ["cop", "io"],
  ])("a %s student learns from a %s teacher", async (student, teacher) => {
    const own = networks[student]!;
    const method = distill(own, [labelAssignment(networks[teacher]!), soft(student, teacher)], []);
    const { values, largest } = await step(method, some(), own);
    expect(largest).toBeGreaterThan(0);
    expect("loss_kd_centerness" in values).toBe(student !== "cop" && teacher !== "cop");
  });

  it("LAD with a copy of the student as teacher is PAA's own assignment", async () => {
    const { plain } = networks as { plain: Paa };
    const lad = await step(distill(plain, [labelAssignment(plain)], []), some(), plain);
    const own = await step(distill(plain, [], []), some(), plain);
    expect(lad.metrics).toEqual(own.metrics);
    expect(lad.values.loss_cls).toBe(own.values.loss_cls);
  });

  it("CoLAD trains both networks with one assignment and logs who assigned", async () => {
    const { plain, io } = networks as { plain: Paa; io: Paa };
    const first = await step(colad(plain, io, []), some(), plain);
    expect(Object.keys(first.values)).toEqual([
      "loss_cls",
      "loss_bbox",
      "loss_iou",
      "loss_cls_t",
      "loss_bbox_t",
      "loss_iou_t",
    ]);
    expect(first.largest).toBeGreaterThan(0);
    expect((await step(colad(plain, io, []), some(), io)).largest).toBeGreaterThan(0);
    expect(first.metrics.t_ratio).toBeGreaterThanOrEqual(0);
    const taught = await step(colad(plain, io, [], { terms: [soft("plain", "other")] }), some(), plain);
    expect(taught.values.loss_kd_cls).toBeGreaterThan(0);
    expect(() => colad(plain, io, [], { terms: [labelAssignment(io)] })).toThrow("colad: term lad assigns labels");
  });
});
