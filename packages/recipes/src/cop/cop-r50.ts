/**
 * PAA with conditional objectness (COP) beside the IoU branch, ResNet-50, 1x — https://arxiv.org/abs/2108.10520
 * lad train cop/r50 --data coco --init resnet50.safetensors --out runs/cop-r50
 * Expected: COCO val2017 AP 41.6
 */
import { conditionalObjectness } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const copR50: Recipe = {
  name: "cop/r50",
  aliases: ["cop/paacop_r50"],
  summary: "PAA with conditional objectness (COP) beside the IoU branch, ResNet-50",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 41.6, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 50, probability: conditionalObjectness() }),
    method: plainMethod,
  }),
};
