/**
 * PAA, ResNet-34 from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2007.08103
 * lad train bccd/paa-r34 --data bccd --out runs/bccd-paa-r34
 * Expected: AP 49.4 on the 87 validation images (the published implementation, one seed)
 */

import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdPaaR34: Recipe = {
  name: "bccd/paa-r34",
  aliases: [],
  summary: "PAA, ResNet-34 from scratch, blood cells at 320x240",
  paper: ladPaper,
  dataset: "BCCD",
  schedule: "24 epochs",
  expected: { ap: 49.4, source: "the published implementation, one seed" },
  config: defineConfig({ ...bccdSettings, student: bccdNetwork({ depth: 34 }), method: plainMethod }),
};
