/**
 * PAA, ResNet-50, three times as long, multi-scale, 3x, multi-scale — https://arxiv.org/abs/2007.08103, as the start of https://arxiv.org/abs/2108.10520
 * lad train paa/r50-3x-ms --data coco --init resnet50.safetensors --out runs/paa-r50-3x-ms
 * Expected: COCO minival (val2017) AP 43.3
 */
import { cocoSettings, multiScalePipeline } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const paaR50Longest: Recipe = {
  name: "paa/r50-3x-ms",
  aliases: ["paa/paa_r50_fpn_mstrain_3x_coco"],
  summary: "PAA, ResNet-50, three times as long, multi-scale",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "3x, multi-scale",
  expected: { ap: 43.3, source: "published, minival" },
  config: defineConfig({
    ...cocoSettings,
    epochs: 36,
    milestones: [28, 34],
    pipeline: multiScalePipeline,
    student: paaNetwork({ depth: 50 }),
    method: plainMethod,
  }),
};
