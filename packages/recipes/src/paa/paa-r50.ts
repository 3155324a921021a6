/**
 * PAA, ResNet-50, 1x — https://arxiv.org/abs/2007.08103, as trained for https://arxiv.org/abs/2108.10520
 * lad train paa/r50 --data coco --init resnet50.safetensors --out runs/paa-r50
 * Expected: COCO val2017 AP 40.4
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const paaR50: Recipe = {
  name: "paa/r50",
  aliases: ["paa/paa_r50"],
  summary: "PAA, ResNet-50",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 40.4, source: "published" },
  config: defineConfig({ ...cocoSettings, student: paaNetwork({ depth: 50 }), method: plainMethod }),
};
