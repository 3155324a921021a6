/**
 * PAA with conditional objectness (COP) in place of the IoU branch, ResNet-18, 1x — https://arxiv.org/abs/2108.10520
 * lad train cop/base-r18 --data coco --init resnet18.safetensors --out runs/cop-base-r18
 * Expected: COCO val2017 AP 36.9
 */
import { conditionalObjectness } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const copBaseR18: Recipe = {
  name: "cop/base-r18",
  aliases: ["cop/paacopbase_r18"],
  summary: "PAA with conditional objectness (COP) in place of the IoU branch, ResNet-18",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 36.9, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 18, probability: conditionalObjectness(), iouBranch: false }),
    method: plainMethod,
  }),
};
