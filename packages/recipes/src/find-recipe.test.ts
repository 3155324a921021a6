import "@tensorflow/tfjs-backend-cpu";
import { LadError, random } from "@lad/core";
import { disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { findRecipe, recipes } from "./find-recipe";
import { resolveConfig } from "./resolve-config";

test("names are unique, teachers exist, every configuration holds", () => {
  const names = recipes.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, teacher, labeller, config } of recipes) {
    const resolved = resolveConfig(config, { source: name });
    // two networks that teach each other may both begin from scratch
    expect(Boolean(resolved.teacher)).toBe(teacher !== undefined || resolved.trainsTeacher);
    if (teacher) expect(findRecipe(teacher).name).toBe(teacher);
    expect(Boolean(resolved.labeller)).toBe(labeller !== undefined);
    if (labeller) expect(findRecipe(labeller).name).toBe(labeller);
    expect(resolved.milestones.every((epoch) => epoch < resolved.epochs)).toBe(true);
  }
});

test("the published settings", () => {
  const { config, expected } = findRecipe("paa/r50");
  expect(expected).toEqual({ ap: 40.4, source: "published" });
  expect(resolveConfig(config)).toMatchObject({
    pretrained: true,
    batch: 16,
    epochs: 12,
    milestones: [8, 11],
    learningRate: 0.01,
    warmup: { iterations: 500, ratio: 0.001 },
    pipeline: { resize: { kind: "keepRatio", long: 1333, short: 800 }, flip: 0.5, padMultiple: 32 },
  });
});

test("a LAD recipe answers to the reference's name", () => {
  expect(findRecipe("lad/paa_lad_r50_r101p1x").name).toBe("lad/r50-r101");
});

test("an unknown name is answered with the nearest", () => {
  const find = () => findRecipe("bccd/paa-18");
  expect(find).toThrow('no recipe is named "bccd/paa-18"; did you mean "bccd/paa-r18"?');
  try {
    find();
  } catch (error) {
    expect(LadError.is(error) && error.code).toBe("NOT_FOUND");
  }
});

test("pretrained switches freezing and stored statistics on, from scratch off", () => {
  const { config } = findRecipe("demo/paa-student");
  const kinds = (pretrained: boolean) => {
    const { params } = config.student({ classes: 3, random: random(0), pretrained });
    const kind = ["backbone.conv1.weight", "backbone.layer1.0.conv1.weight", "backbone.layer2.0.conv1.weight"].map(
      (name) => params.get(name)!.kind,
    );
    disposeParams(params);
    return kind;
  };
  const before = tf.memory().numTensors;
  expect(kinds(true)).toEqual(["frozen", "frozen", "trainable"]);
  expect(kinds(false)).toEqual(["trainable", "trainable", "trainable"]);
  expect(tf.memory().numTensors).toBe(before);
});

test("student and teacher of a LAD recipe share their anchors", () => {
  for (const { config, teacher } of recipes.filter(({ name }) => /^(demo|bccd\/.*small)/.test(name))) {
    if (!teacher) continue;
    const context = { classes: 3, random: random(0), pretrained: false };
    const networks = [config.student(context), config.teacher!(context)!];
    expect(networks[0]!.anchors).toEqual(networks[1]!.anchors);
    for (const { params } of networks) disposeParams(params);
  }
});
