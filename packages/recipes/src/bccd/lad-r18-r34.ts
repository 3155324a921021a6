/**
 * LAD, ResNet-18 taught by PAA ResNet-34, from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2108.10520
 * lad train bccd/lad-r18-r34 --data bccd --teacher runs/bccd-paa-r34 --out runs/bccd-lad
 * Expected: AP 49.6 on the 87 validation images (the published implementation, two seeds)
 */

import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdLadR18R34: Recipe = {
  name: "bccd/lad-r18-r34",
  aliases: [],
  summary: "LAD, ResNet-18 taught by PAA ResNet-34, blood cells at 320x240",
  paper: ladPaper,
  teacher: "bccd/paa-r34",
  dataset: "BCCD",
  schedule: "24 epochs",
  expected: { ap: 49.6, source: "the published implementation, two seeds" },
  config: defineConfig({
    ...bccdSettings,
    student: bccdNetwork({ depth: 18 }),
    teacher: bccdNetwork({ depth: 34 }),
    method: ladMethod,
  }),
};
