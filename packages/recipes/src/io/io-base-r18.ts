/**
 * PAA with implicit object (IO) in place of the IoU branch, ResNet-18, 1x — https://arxiv.org/abs/2108.10520
 * lad train io/base-r18 --data coco --init resnet18.safetensors --out runs/io-base-r18
 * Expected: COCO val2017 AP 36.6
 */
import { implicitObject } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const ioBaseR18: Recipe = {
  name: "io/base-r18",
  aliases: ["io/paaiobase_r18"],
  summary: "PAA with implicit object (IO) in place of the IoU branch, ResNet-18",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 36.6, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 18, probability: implicitObject(), iouBranch: false }),
    method: plainMethod,
  }),
};
