/**
 * PAA with implicit object (IO) in place of the IoU branch, ResNet-50, 1x — https://arxiv.org/abs/2108.10520
 * lad train io/base-r50 --data coco --init resnet50.safetensors --out runs/io-base-r50
 * Expected: COCO val2017 AP 41.1
 */
import { implicitObject } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const ioBaseR50: Recipe = {
  name: "io/base-r50",
  aliases: ["io/paaiobase_r50"],
  summary: "PAA with implicit object (IO) in place of the IoU branch, ResNet-50",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 41.1, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 50, probability: implicitObject(), iouBranch: false }),
    method: plainMethod,
  }),
};
