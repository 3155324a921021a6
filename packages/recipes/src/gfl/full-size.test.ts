import "@tensorflow/tfjs-backend-cpu";
import { random } from "@lad/core";
import { type AnyDetector, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import type { NetworkContext } from "../config";
import { findRecipe, recipes } from "../find-recipe";
import { gflPaper, gflV2Paper, ldPaper } from "../recipe";

// weights that share one memory, also when they are copied: drawing or copying billions of them takes minutes, and only their numbers are looked at
vi.mock("../../../nn/src/initializers", () => {
  const memory = new Float32Array(3 * 3 * 1024 * 1024);
  const make = (shape: readonly number[]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = memory.subarray(0, size);
    return Object.assign(values, { slice: () => values });
  };
  return { kaimingNormal: make, xavierUniform: make, normalInit: () => make, constant: () => make };
});
beforeAll(() => tf.setBackend("cpu"));

type Make = (context: NetworkContext) => AnyDetector;

/** Parameters of backbone, pyramid and head, running statistics aside. */
function sizesOf(make: Make): readonly number[] {
  const { params } = make({ classes: 80, random: random(0), pretrained: true });
  const counted = [...params].filter(([, { kind }]) => kind !== "buffer");
  disposeParams(params);
  return ["backbone.", "neck.", "bbox_head."].map((part) =>
    counted.filter(([name]) => name.startsWith(part)).reduce((sum, [, { variable }]) => sum + variable.size, 0),
  );
}

const conv = (from: number, to: number, side: number, bias = true) => from * to * side ** 2 + (bias ? to : 0);
/** What plain deformable convolutions add: 18 offsets by a 3×3 convolution each, of a width, so many times. */
const offsets = (...layers: [width: number, times: number][]) =>
  layers.reduce((sum, [width, times]) => sum + times * conv(width, 18, 3), 0);

// torchvision's and timm's, their classifiers taken off; Res2Net's is timm's res2net101d
const backbones: Readonly<Record<string, number>> = {
  "ResNet-18": 11_176_512,
  "ResNet-34": 21_284_672,
  "ResNet-50": 23_508_032,
  "ResNet-101": 42_500_160,
  "ResNet-101-DCN": 42_500_160 + offsets([128, 4], [256, 23], [512, 3]),
  "ResNeXt-101-32x4d": 42_128_704,
  "ResNeXt-101-32x4d-DCN": 42_128_704 + offsets([512, 23], [1024, 3]),
  "Res2Net-101-DCN": 43_176_920 + offsets([104, 3 * 23], [208, 3 * 3]),
};

const channelsOf = (title: string) => (/ResNet-(18|34)$/.test(title) ? [128, 256, 512] : [512, 1024, 2048]);
const laterals = (title: string) => channelsOf(title).reduce((sum, width) => sum + conv(width, 256, 1), 0);
const towers = 2 * 4 * (conv(256, 256, 3, false) + 2 * 256);
const distributions = conv(256, 4 * 17, 3) + 5; // with a factor per level

const heads: Readonly<Record<string, number>> = {
  "GFocal V1": towers + conv(256, 80, 3) + distributions,
  // a background class, and the statistics of the distributions
  "GFocal V2": towers + conv(256, 81, 3) + distributions + conv(20, 64, 1) + conv(64, 1, 1),
  ATSS: towers + conv(256, 80, 3) + distributions + conv(256, 1, 3),
  FCOS: towers + conv(256, 80, 3) + distributions + conv(256, 1, 3),
  RetinaNet: 2 * 4 * conv(256, 256, 3) + conv(256, 9 * 80, 3) + conv(256, 9 * 4 * 17, 3),
};

function expected(detector: string, title: string): readonly number[] {
  const outputs = 5 * conv(256, 256, 3);
  const sixth = detector === "RetinaNet" ? conv(2048, 256, 3) - conv(256, 256, 3) : 0; // made of C5
  return [backbones[title]!, laterals(title) + outputs + sixth, heads[detector]!];
}

const published = recipes.filter(
  ({ paper = "", dataset }) => [ldPaper, gflPaper, gflV2Paper].includes(paper) && dataset !== "BCCD",
);

test("every published recipe's networks have as many parameters as they are published with", () => {
  expect(published.length).toBeGreaterThan(60);
  const built = new Set<string>();
  for (const { name, summary, config } of published) {
    const [, detector, own, taughtBy] =
      /(GFocal V[12]|ATSS|FCOS|RetinaNet)(?: with distributions,)? (Res\S+)(?: taught by (Res\S+))?$/.exec(summary)!;
    const networks = [
      [config.student, own],
      [config.teacher, taughtBy],
    ] as const;
    for (const [make, title] of networks) {
      if (title === undefined) continue;
      expect([name, ...sizesOf(make as Make)]).toEqual([name, ...expected(detector!, title)]);
      built.add(`${detector} ${title}`);
    }
  }
  expect(built.size).toBeGreaterThan(20);
});

test("the sums are the known ones", () => {
  const trainable = (name: string) => {
    const { params } = findRecipe(name).config.student({ classes: 80, random: random(0), pretrained: true });
    disposeParams(params);
    return [...params.values()]
      .filter(({ kind }) => kind === "trainable")
      .reduce((sum, { variable }) => sum + variable.size, 0);
  };
  expect(trainable("gfl/r50")).toBe(32_215_193); // 32.22 million, stem and first stage frozen
});
