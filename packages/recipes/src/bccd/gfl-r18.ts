/**
 * GFocal V1, ResNet-18, from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2006.04388
 * lad train bccd/gfl-r18 --data bccd --out runs/bccd-gfl-r18
 * Expected: AP 47.8 on the 87 validation images (ours, three seeds)
 */

import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { gflPaper, type Recipe } from "../recipe";
import { bccdGflNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdGflR18: Recipe = {
  name: "bccd/gfl-r18",
  aliases: [],
  summary: "GFocal V1, ResNet-18 from scratch, blood cells at 320x240",
  paper: gflPaper,
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdGflNetwork({ depth: 18 }),
    method: plainMethod,
  }),
};
