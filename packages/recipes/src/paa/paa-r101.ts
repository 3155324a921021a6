/**
 * PAA, ResNet-101, 1x — https://arxiv.org/abs/2007.08103, as trained for https://arxiv.org/abs/2108.10520
 * lad train paa/r101 --data coco --init resnet101.safetensors --out runs/paa-r101
 * Expected: COCO val2017 AP 42.6
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const paaR101: Recipe = {
  name: "paa/r101",
  aliases: [],
  summary: "PAA, ResNet-101",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 42.6, source: "published" },
  config: defineConfig({ ...cocoSettings, student: paaNetwork({ depth: 101 }), method: plainMethod }),
};
