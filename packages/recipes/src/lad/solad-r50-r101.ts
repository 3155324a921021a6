/**
 * SoLAD, ResNet-50 taught by PAA ResNet-101, 1x — https://arxiv.org/abs/2108.10520
 * lad train solad/r50-r101 --data coco --init resnet50.safetensors --teacher runs/paa-r101 --out runs/solad-r50-r101
 * Expected: COCO val2017 AP 42.4
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { soladMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const soladR50R101: Recipe = {
  name: "solad/r50-r101",
  aliases: ["lad/paa_solad_r50_r101p1x"],
  summary: "SoLAD, ResNet-50 taught by PAA ResNet-101",
  paper: ladPaper,
  teacher: "paa/r101",
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 42.4, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 50 }),
    teacher: paaNetwork({ depth: 101 }),
    method: soladMethod(),
  }),
};
