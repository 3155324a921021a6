import "@tensorflow/tfjs-backend-cpu";
import { LadError } from "@lad/core";
import {
  atss,
  type DistributionDetector,
  fcosDistribution,
  gfl,
  paa,
  retinaAnchors,
  retinaDistribution,
} from "@lad/detectors";
import {
  atssDistributionHead,
  fcosDistributionHead,
  gflHead,
  gflV2Head,
  paaHead,
  retinaDistributionHead,
} from "@lad/heads";
import { createTape, disposeParams, type Method, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, batchOf, different, imagesOf, tinyNetworks } from "../test/tiny";
import { type AnyTerm, distill, labelAssignment, localization, softClasses, valuableLocalization } from "./index";

const options = { classes: 2, in: 4, channels: 4, groups: 2, stackedConvs: 1 };
const makers: Record<string, (bins?: number) => DistributionDetector> = {
  gfl: (binCount = 17) => gfl({ ...tinyNetworks(), head: gflHead({ ...options, binCount }) }),
  gflV2: () => gfl({ name: "gflV2", ...tinyNetworks(), head: gflV2Head(options) }),
  atss: () => atss({ ...tinyNetworks(), head: atssDistributionHead(options) }),
  fcos: () => fcosDistribution({ ...tinyNetworks(), head: fcosDistributionHead(options) }),
  retina: () =>
    retinaDistribution({
      ...tinyNetworks(),
      head: retinaDistributionHead({ ...options, groups: 0, anchorsPerCell: 2 }),
      anchors: { ...retinaAnchors, scalesPerOctave: 1, ratios: [1, 2] },
    }),
};
const boxes = [
  [10, 8, 60, 50],
  [30, 4, 90, 60],
];

describe.each(Object.keys(makers))("localization distillation on a %s student", (kind) => {
  let student: DistributionDetector;
  let teacher: DistributionDetector;
  let images: tf.Tensor4D;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    [student, teacher, images] = [makers[kind]!(), different(makers[kind]!()), imagesOf(2)];
  });
  afterAll(() => {
    for (const { params } of [student, teacher]) disposeParams(params);
    images.dispose();
  });
  const terms = (): AnyTerm<tf.Tensor4D[], never>[] => [
    localization(student, teacher),
    valuableLocalization(student, teacher, kind === "fcos" ? { region: "inside", divisor: 4 } : {}),
    softClasses(student, teacher),
  ];
  const step = (method: Method, ...gts: number[][][]) =>
    expectNoLeak(async () => {
      const tape = createTape();
      try {
        const { losses, metrics } = await method.step(tape, batchOf(images, ...gts), at);
        const variables = trainableVariables(student.params);
        const gradients = tape.gradients(losses, variables);
        const values = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
        const finite = [...gradients.values()].every((gradient) => gradient.dataSync().every(Number.isFinite));
        return { values, metrics, finite, reached: gradients.size, wanted: variables.length };
      } finally {
        tape.end();
      }
    });

  it("adds its three losses to the student's own, without leaks", async () => {
    const { values, metrics, finite, reached, wanted } = await step(distill(student, terms(), []), boxes, [boxes[0]!]);
    for (const name of ["loss_cls", "loss_bbox", "loss_ld", "loss_ld_vlr", "loss_kd"])
      expect(values[name]).toBeGreaterThan(0);
    expect(metrics.vlr).toBeGreaterThan(0);
    expect(finite).toBe(true);
    expect(reached).toBe(wanted);
  });

  it("teaches nothing where the teacher is the student", async () => {
    const self = [
      localization(student, student),
      valuableLocalization(student, student),
      softClasses(student, student),
    ];
    const { values } = await step(distill(student, self as AnyTerm<tf.Tensor4D[], never>[], []), boxes, boxes);
    for (const name of ["loss_ld", "loss_ld_vlr", "loss_kd"]) expect(Math.abs(values[name]!)).toBeLessThan(1e-6);
  });

  it.each([
    ["no image has objects", [[], []]],
    ["one image has none", [[], boxes]],
    ["an object is smaller than a stride", [[[5, 5, 6, 6]], []]],
    [
      "there are more objects than anchors",
      [Array.from({ length: 140 }, (_, i) => [i % 50, i % 30, (i % 50) + 30, (i % 30) + 25]), []],
    ],
  ] as [string, number[][][]][])("trains on when %s: losses and gradients finite", async (_, gts) => {
    const { values, finite } = await step(distill(student, terms(), []), ...gts);
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
    expect(finite).toBe(true);
  });

  it("has the gradient of its terms", async () => {
    const method = distill(student, terms(), []);
    const bias = [...student.params].find(([name]) => /(gfl_reg|atss_reg|conv_reg)\.bias$/.test(name))![1].variable;
    const start = bias.dataSync().slice();
    const wanted = ["loss_ld", "loss_ld_vlr"];
    const measure = async (values: ArrayLike<number>) => {
      bias.assign(tf.tensor1d(Array.from(values)));
      const tape = createTape();
      const { losses } = await method.step(tape, batchOf(images, boxes, boxes), at);
      const taught = Object.fromEntries(wanted.map((name) => [name, losses[name]!]));
      const value = wanted.reduce((sum, name) => sum + losses[name]!.dataSync()[0]!, 0);
      const gradient = tape.gradients(taught, [bias]).get(bias)!.dataSync().slice();
      tape.end();
      return { value, gradient };
    };
    const { gradient } = await measure(start);
    const scale = Math.max(...gradient.map(Math.abs));
    expect(scale).toBeGreaterThan(1e-5);
    for (const index of [0, 50]) {
      const shifted = async (by: number) =>
        (await measure(start.map((value, i) => (i === index ? value + by : value)))).value;
      const numeric = ((await shifted(0.05)) - (await shifted(-0.05))) / 0.1;
      expect(Math.abs(numeric - gradient[index]!)).toBeLessThan(0.03 * scale + 2e-5);
    }
    await measure(start);
  });
});

describe("localization distillation", () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = imagesOf(2);
  });
  afterAll(() => images.dispose());

  it("refuses a teacher of other bins, by name of both", () => {
    const [student, teacher] = [makers.gfl!(17), makers.gfl!(65)];
    for (const term of [localization, valuableLocalization]) {
      try {
        term(student, teacher);
        expect.unreachable();
      } catch (error) {
        expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
        expect(String(error)).toContain("the student has 17 bins a side, the teacher 65");
      }
    }
    for (const { params } of [student, teacher]) disposeParams(params);
  });

  it("combines with labels that a PAA teacher assigns on the same grid", async () => {
    const student = makers.gfl!();
    const teacher = different(makers.gfl!());
    const labeller = different(paa({ ...tinyNetworks(), head: paaHead(options) }));
    const method = distill(student, [labelAssignment(labeller), localization(student, teacher)], []);
    expect(method.name).toBe("lad+ld");
    expect(Object.keys(method.networks)).toEqual(["student", "teacher", "teacher2"]);
    const batch = batchOf(images, boxes, boxes);
    const tape = createTape();
    const { losses, metrics } = await method.step(tape, batch, at);
    const out = tape.noGrad(() => labeller.predict(labeller.features(images)));
    const labels = await labeller.assign(out, batch);
    expect(metrics.positives).toBe(labels.numPositives.reduce((sum, count) => sum + count, 0));
    for (const loss of Object.values(losses)) expect(loss.dataSync()[0]).toBeGreaterThan(0);
    tape.end();
    for (const { params } of [student, teacher, labeller]) disposeParams(params);
  });

  it("the class term is a mean per level; weights and temperatures scale as they should", async () => {
    const [student, teacher] = [makers.gfl!(), different(makers.gfl!())];
    const tape = createTape();
    const batch = batchOf(images, boxes, boxes);
    const [own, taught] = tape.noGrad(() =>
      [student, teacher].map((network) => network.predict(network.features(images))),
    );
    const targets = await student.assign(own!, batch);
    const context = { batch, at, student: { features: [], out: own! }, of: () => ({ out: taught }) as never };
    const value = (term: AnyTerm<never, never>) =>
      (
        Object.values(tape.noGrad(() => term.loss!(context as never, targets, undefined)))[0] as tf.Scalar
      ).dataSync()[0]!;
    const doubled = {
      ...targets,
      matchedGt: targets.matchedGt.map((gt, row) => (gt >= 0 || targets.matchedGt[row - 1]! >= 0 ? 0 : -1)),
    };
    expect(value(softClasses(student, teacher, { weight: 20 }))).toBeCloseTo(
      2 * value(softClasses(student, teacher)),
      4,
    );
    expect(value(localization(student, teacher, { weight: 0.5 }))).toBeCloseTo(
      2 * value(localization(student, teacher)),
      5,
    );
    // at a high temperature T²·KL tends to a constant
    const hot = value(localization(student, teacher, { temperature: 50 }));
    expect(value(localization(student, teacher, { temperature: 100 })) / hot).toBeCloseTo(1, 1);
    expect(doubled.matchedGt.filter((gt) => gt >= 0).length).toBeGreaterThan(
      targets.matchedGt.filter((gt) => gt >= 0).length,
    );
    tape.end();
    for (const { params } of [student, teacher]) disposeParams(params);
  });
});
