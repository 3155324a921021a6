/**
 * PAA with conditional objectness (COP) in place of the IoU branch, ResNet-50, 1x — https://arxiv.org/abs/2108.10520
 * lad train cop/base-r50 --data coco --init resnet50.safetensors --out runs/cop-base-r50
 * Expected: COCO val2017 AP 41.2
 */
import { conditionalObjectness } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const copBaseR50: Recipe = {
  name: "cop/base-r50",
  aliases: ["cop/paacopbase_r50"],
  summary: "PAA with conditional objectness (COP) in place of the IoU branch, ResNet-50",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 41.2, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 50, probability: conditionalObjectness(), iouBranch: false }),
    method: plainMethod,
  }),
};
