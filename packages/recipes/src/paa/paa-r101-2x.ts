/**
 * PAA, ResNet-101, 2x — https://arxiv.org/abs/2007.08103, as trained for https://arxiv.org/abs/2108.10520
 * lad train paa/r101-2x --data coco --init resnet101.safetensors --out runs/paa-r101-2x
 * Expected: COCO val2017 AP 43.5
 */
import { cocoSettings, longSchedule } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const paaR101Long: Recipe = {
  name: "paa/r101-2x",
  aliases: [],
  summary: "PAA, ResNet-101, twice as long",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "2x",
  expected: { ap: 43.5, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    ...longSchedule,
    student: paaNetwork({ depth: 101 }),
    method: plainMethod,
  }),
};
