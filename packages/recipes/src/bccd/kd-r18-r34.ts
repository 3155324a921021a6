/**
 * Soft labels alone, ResNet-18 taught by PAA ResNet-34, from scratch on blood cells (BCCD) — https://arxiv.org/abs/2108.10520
 * lad train bccd/kd-r18-r34 --data bccd --teacher runs/bccd-paa-r34 --out runs/bccd-kd
 * Expected: AP 47.3 on the 87 validation images (ours, three seeds; none is published); bccd/paa-r18, the student alone, reaches 47.9
 */
import { defineConfig } from "../config";
import { softLabelMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdKdR18R34: Recipe = {
  name: "bccd/kd-r18-r34",
  aliases: [],
  summary: "Soft labels alone, ResNet-18 taught by PAA ResNet-34, blood cells at 320x240",
  paper: ladPaper,
  teacher: "bccd/paa-r34",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdNetwork({ depth: 18 }),
    teacher: bccdNetwork({ depth: 34 }),
    method: softLabelMethod(),
  }),
};
