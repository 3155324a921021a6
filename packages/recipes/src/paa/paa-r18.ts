/**
 * PAA, ResNet-18, 1x — https://arxiv.org/abs/2007.08103, as trained for https://arxiv.org/abs/2108.10520
 * lad train paa/r18 --data coco --init resnet18.safetensors --out runs/paa-r18
 * Expected: COCO val2017 AP 35.8
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const paaR18: Recipe = {
  name: "paa/r18",
  aliases: ["paa/paa_r18"],
  summary: "PAA, ResNet-18",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 35.8, source: "published" },
  config: defineConfig({ ...cocoSettings, student: paaNetwork({ depth: 18 }), method: plainMethod }),
};
