/**
 * LAD, ResNet-50 taught by PAA ResNet-101, 1x — https://arxiv.org/abs/2108.10520
 * lad train lad/r50-r101 --data coco --init resnet50.safetensors --teacher runs/paa-r101 --out runs/lad-r50-r101
 * Expected: COCO val2017 AP 41.6
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const ladR50R101: Recipe = {
  name: "lad/r50-r101",
  aliases: ["lad/paa_lad_r50_r101p1x"],
  summary: "LAD, ResNet-50 taught by PAA ResNet-101",
  paper: ladPaper,
  teacher: "paa/r101",
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 41.6, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 50 }),
    teacher: paaNetwork({ depth: 101 }),
    method: ladMethod,
  }),
};
