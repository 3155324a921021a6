/**
 * PAA, ResNet-18 from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2007.08103
 * lad train bccd/paa-r18 --data bccd --out runs/bccd-paa-r18
 * Expected: AP 47.6 on the 87 validation images (the published implementation, three seeds)
 */

import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdPaaR18: Recipe = {
  name: "bccd/paa-r18",
  aliases: [],
  summary: "PAA, ResNet-18 from scratch, blood cells at 320x240",
  paper: ladPaper,
  dataset: "BCCD",
  schedule: "24 epochs",
  expected: { ap: 47.6, source: "the published implementation, three seeds" },
  config: defineConfig({ ...bccdSettings, student: bccdNetwork({ depth: 18 }), method: plainMethod }),
};
