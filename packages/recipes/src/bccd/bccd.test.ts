import "@tensorflow/tfjs-backend-cpu";
import type { Random } from "@lad/core";
import { type AnyDetector, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { findRecipe } from "../find-recipe";
import { resolveConfig } from "../resolve-config";

// shapes only: drawing the millions of weights of the real networks would take seconds
const still: Random = {
  uniform: () => 0.5,
  normal: () => 0,
  integer: () => 0,
  save: () => new Uint32Array(4),
  load: () => {},
};
const context = { classes: 3, random: still, pretrained: false };
beforeAll(() => tf.setBackend("cpu"));

const gfl = [
  "bccd/gfl-r18",
  "bccd/gfl-r34",
  "bccd/ld-r18-r34",
  "bccd/ld-full-r18-r34",
  "bccd/self-ld-r18",
  "bccd/ld-lad-r18",
];
const taught = ["bccd/kd-r18-r34", "bccd/lad-r18-r34", "bccd/solad-r18-r34", "bccd/colad-r18-r34"];

test.each(["bccd/paa-r18", "bccd/paa-r34", ...taught, ...gfl])("%s has the reference's settings", (name) => {
  expect(resolveConfig(findRecipe(name).config)).toMatchObject({
    pretrained: false,
    pipeline: {
      resize: { kind: "fixed", width: 320, height: 240 },
      interpolation: "pillow",
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
      flip: 0.5,
      padMultiple: 32,
    },
    batch: 8,
    accumulate: 1,
    epochs: 24,
    learningRate: 0.01,
    milestones: [16, 22],
    warmup: { iterations: 100, ratio: 0.001 },
    momentum: 0.9,
    weightDecay: 1e-4,
    test: {},
  });
});

test("the student's network is the reference's", () => {
  const { params, anchors } = findRecipe("bccd/lad-r18-r34").config.student(context);
  const shape = (name: string) => params.get(name)?.variable.shape;
  expect(anchors).toMatchObject({ strides: [8, 16, 32, 64, 128], scale: 8 });
  expect(shape("backbone.conv1.weight")).toEqual([7, 7, 3, 64]);
  expect(shape("backbone.layer4.1.conv2.weight")).toEqual([3, 3, 512, 512]);
  expect(params.has("backbone.layer4.2.conv1.weight")).toBe(false);
  expect(shape("neck.fpn_convs.4.conv.weight")).toEqual([3, 3, 128, 128]);
  expect(shape("bbox_head.cls_convs.1.conv.weight")).toEqual([3, 3, 128, 128]);
  expect(params.has("bbox_head.cls_convs.2.conv.weight")).toBe(false);
  expect(shape("bbox_head.atss_cls.weight")).toEqual([3, 3, 128, 3]);
  const bias = params.get("bbox_head.atss_cls.bias")!.variable.dataSync();
  expect(bias[0]).toBeCloseTo(-Math.log(99), 5);
  expect(
    params
      .get("backbone.layer1.0.bn2.weight")!
      .variable.dataSync()
      .every((value) => value === 0),
  ).toBe(true);
  expect([...params.values()].some(({ kind }) => kind === "frozen")).toBe(false);
  disposeParams(params);
});

test("the teacher is a ResNet-34 of the same shape elsewhere", () => {
  const { params } = findRecipe("bccd/lad-r18-r34").config.teacher!(context)!;
  expect(params.has("backbone.layer3.5.conv1.weight")).toBe(true);
  expect(params.get("neck.fpn_convs.0.conv.weight")!.variable.shape).toEqual([3, 3, 128, 128]);
  disposeParams(params);
});

test("LD and labels of another teacher: three networks on one grid", () => {
  const { config, labeller } = findRecipe("bccd/ld-lad-r18");
  const networks = [config.student, config.teacher!, config.labeller!].map((make) => make(context)!);
  const [student, teacher, labelling] = networks as [AnyDetector, AnyDetector, AnyDetector];
  expect(config.method({ student, teacher, labeller: labelling, groups: [] })).toMatchObject({ name: "lad+ld" });
  expect(labelling.anchors).toEqual(student.anchors);
  const expected = [...findRecipe(labeller!).config.student(context).params.keys()];
  expect([...labelling.params.keys()]).toEqual(expected);
  for (const { params } of networks) disposeParams(params);
});

test.each(["atss", "fcos", "retina"])("LD on %s: six epochs, student and teacher of one kind", (kind) => {
  const { config, teacher } = findRecipe(`bccd/ld-${kind}-r18`);
  const networks = [config.student, config.teacher!, findRecipe(teacher!).config.student];
  const [student, taught, trained] = networks.map((make) => make(context)!) as [AnyDetector, AnyDetector, AnyDetector];
  expect(student).toMatchObject({ name: kind, binCount: 17, anchors: taught.anchors });
  expect([...taught.params.keys()]).toEqual([...trained.params.keys()]);
  expect(config.method({ student, teacher: taught, labeller: undefined, groups: [] }).name).toBe("ld+vlr+classes");
  expect(resolveConfig(config)).toMatchObject({ epochs: 6, milestones: [5] });
  for (const { params } of [student, taught, trained]) disposeParams(params);
});

test("the small ones shrink images and widths only", () => {
  const { pipeline, ...small } = resolveConfig(findRecipe("bccd/paa-small").config);
  const { pipeline: large, student, ...rest } = resolveConfig(findRecipe("bccd/paa-r18").config);
  expect(pipeline).toEqual({ ...large, resize: { kind: "fixed", width: 160, height: 120 } });
  expect(small).toMatchObject({ ...rest, student: expect.any(Function) });
  expect(student).not.toBe(small.student);
});

test("localization distillation is made of the terms its recipe names, on networks of one kind", () => {
  const names: Record<string, string> = {
    "bccd/ld-r18-r34": "ld",
    "bccd/ld-full-r18-r34": "ld+vlr+classes",
    "bccd/self-ld-r18": "ld",
  };
  for (const [name, method] of Object.entries(names)) {
    const { config, teacher } = findRecipe(name);
    const networks = { student: config.student(context), teacher: config.teacher!(context)! };
    expect(config.method({ ...networks, labeller: undefined, groups: [] }).name).toBe(method);
    const teachers = [...findRecipe(teacher!).config.student(context).params.keys()];
    expect([...networks.teacher.params.keys()]).toEqual(teachers);
    expect(networks.student.params.get("bbox_head.gfl_reg.weight")?.variable.shape).toEqual([3, 3, 128, 68]);
    for (const { params } of Object.values(networks)) disposeParams(params);
  }
});
