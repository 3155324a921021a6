/**
 * LD on main and valuable region with class distributions, GFocal V1 ResNet-18 taught by ResNet-34, from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2102.12252
 * lad train bccd/ld-full-r18-r34 --data bccd --teacher runs/bccd-gfl-r34 --out runs/bccd-ld-full-r18-r34
 * Expected: AP 47.1 on the 87 validation images (ours, three seeds: 43.5 to 49.2), slow to start: 6.2 after 4 epochs; bccd/gfl-r18, the student alone, reaches 47.8
 */

import { defineConfig } from "../config";
import { ldMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";
import { bccdGflNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdLdFullR18R34: Recipe = {
  name: "bccd/ld-full-r18-r34",
  aliases: [],
  summary: "LD, VLR and classes, GFocal ResNet-18 taught by ResNet-34, blood cells at 320x240",
  paper: ldPaper,
  teacher: "bccd/gfl-r34",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdGflNetwork({ depth: 18 }),
    teacher: bccdGflNetwork({ depth: 34 }),
    method: ldMethod({ region: {}, classes: {} }),
  }),
};
