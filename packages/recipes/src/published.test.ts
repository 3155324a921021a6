import "@tensorflow/tfjs-backend-cpu";
import type { Random } from "@lad/core";
import { disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import type { Config } from "./config";
import { findRecipe, recipes } from "./find-recipe";
import { resolveConfig } from "./resolve-config";

// backbones of the recipes' depth, but narrow: what is looked at is heads, and a ResNet-101 takes seconds to allocate
vi.mock("@lad/backbones", async (original) => {
  const backbones = await original<typeof import("@lad/backbones")>();
  return {
    ...backbones,
    resnet: (options: Parameters<typeof backbones.resnet>[0]) => backbones.resnet({ ...options, baseChannels: 2 }),
  };
});

const still: Random = {
  uniform: () => 0.5,
  normal: () => 0,
  integer: () => 0,
  save: () => new Uint32Array(4),
  load: () => {},
};
beforeAll(() => tf.setBackend("cpu"));

/** What can be told of a network by its parameters' names and by what it offers. */
function traits(make: Config["student"] | Config["teacher"]) {
  const network = make!({ classes: 4, random: still, pretrained: true })!;
  const { params } = network;
  const blocks = (layer: number) =>
    [...params.keys()].filter((name) => new RegExp(`^backbone\\.layer${layer}\\.\\d+\\.conv1\\.weight$`).test(name))
      .length;
  const bottleneck = params.has("backbone.layer1.0.conv3.weight");
  const own = ["objectness", "obj_bias", "coeff_conv"].filter((name) => params.has(`bbox_head.${name}.weight`));
  const form = "classForm" in network ? network.classForm : undefined;
  const found = {
    depth: 2 + [1, 2, 3, 4].reduce((sum, layer) => sum + blocks(layer), 0) * (bottleneck ? 3 : 2),
    own,
    form,
    iou: "quality" in network,
    // owned by every published head, used or not
    iouConvolution: params.get("bbox_head.atss_centerness.weight")?.variable.shape,
    tower: params.get("bbox_head.cls_convs.3.conv.weight")?.variable.shape,
  };
  disposeParams(params);
  return found;
}

const shapes = { iouConvolution: [3, 3, 256, 1], tower: [3, 3, 256, 256] };
const plain = (depth: number) => ({ depth, own: [], form: "logits", iou: true, ...shapes });
const auxiliary = (depth: number, own: readonly string[], iou: boolean) => ({
  depth,
  own,
  form: "probabilities",
  iou,
  ...shapes,
});
const io = ["objectness", "obj_bias"];
const cop = ["coeff_conv"];

test.each([
  ["paa/paa_r50_fpn_mstrain_3x_coco", "paa/r50-3x-ms", 43.3, plain(50)],
  ["io/paaio_r18", "io/r18", 36.7, auxiliary(18, io, true)],
  ["io/paaio_r50", "io/r50", 41.6, auxiliary(50, io, true)],
  ["io/paaiobase_r18", "io/base-r18", 36.6, auxiliary(18, io, false)],
  ["io/paaiobase_r50", "io/base-r50", 41.1, auxiliary(50, io, false)],
  ["cop/paacop_r18", "cop/r18", 36.9, auxiliary(18, cop, true)],
  ["cop/paacop_r50", "cop/r50", 41.6, auxiliary(50, cop, true)],
  ["cop/paacopbase_r18", "cop/base-r18", 36.9, auxiliary(18, cop, false)],
  ["cop/paacopbase_r50", "cop/base-r50", 41.2, auxiliary(50, cop, false)],
])("%s: head, depth and score as published", (alias, name, ap, student) => {
  const recipe = findRecipe(alias);
  expect(recipe).toMatchObject({ name, expected: { ap } });
  expect(recipe.teacher).toBeUndefined();
  expect(traits(recipe.config.student)).toEqual(student);
});

test.each([
  ["kd/kd_r50_r101p1x_kl_i05_g05", "paa/r101", 41.3, plain(50), plain(101)],
  ["kd/kd_r101_r50p1x_kl_i05_g05", "paa/r50", 40.4, plain(101), plain(50)],
  ["lad/paa_lad_r50_r101p1x", "paa/r101", 41.6, plain(50), plain(101)],
  ["lad/paa_lad_r101_r50p1x", "paa/r50", 43.3, plain(101), plain(50)],
  ["lad/paa_solad_r50_r101p1x", "paa/r101", 42.4, plain(50), plain(101)],
  [
    "lad/paa_colad_stdmean_r101cop_r50p3x_ms_2x",
    "paa/r50-3x-ms",
    46,
    // CoLAD's own COP head owns an objectness convolution that nothing uses
    auxiliary(101, ["objectness", "coeff_conv"], true),
    plain(50),
  ],
])("%s: both networks and the teacher's recipe", (alias, teacher, ap, student, taught) => {
  const recipe = findRecipe(alias);
  expect(recipe).toMatchObject({ teacher, expected: { ap } });
  expect(traits(recipe.config.student)).toEqual(student);
  expect(traits(recipe.config.teacher)).toEqual(taught);
  expect(traits(findRecipe(teacher).config.student)).toEqual(taught);
});

test("schedules and image sizes", () => {
  const of = (name: string) => resolveConfig(findRecipe(name).config);
  const short = { epochs: 12, milestones: [8, 11], batch: 16, learningRate: 0.01, trainsTeacher: false };
  for (const name of ["io/r18", "cop/base-r50", "kd/r50-r101", "solad/r50-r101"]) {
    expect(of(name)).toMatchObject({ ...short, pipeline: { resize: { short: 800 } } });
  }
  const multiScale = { pipeline: { resize: { kind: "keepRatio", long: 1333, short: [640, 800] }, flip: 0.5 } };
  expect(of("paa/r50-3x-ms")).toMatchObject({ ...multiScale, epochs: 36, milestones: [28, 34] });
  expect(of("colad/r101cop-r50")).toMatchObject({ ...multiScale, epochs: 24, milestones: [16, 22], batch: 16 });
  expect(of("paa/r101-2x")).toMatchObject({ epochs: 24, milestones: [16, 22] });
});

test("only CoLAD trains its teacher", () => {
  const training = recipes.filter(({ config }) => resolveConfig(config).trainsTeacher).map(({ name }) => name);
  expect(training).toEqual(["colad/r101cop-r50", "bccd/colad-r18-r34"]);
});
