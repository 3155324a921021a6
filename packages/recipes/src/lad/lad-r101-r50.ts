/**
 * LAD, ResNet-101 taught by PAA ResNet-50, 1x — https://arxiv.org/abs/2108.10520
 * lad train lad/r101-r50 --data coco --init resnet101.safetensors --teacher runs/paa-r50 --out runs/lad-r101-r50
 * Expected: COCO val2017 AP 43.3
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const ladR101R50: Recipe = {
  name: "lad/r101-r50",
  aliases: ["lad/paa_lad_r101_r50p1x"],
  summary: "LAD, ResNet-101 taught by PAA ResNet-50",
  paper: ladPaper,
  teacher: "paa/r50",
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 43.3, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 101 }),
    teacher: paaNetwork({ depth: 50 }),
    method: ladMethod,
  }),
};
