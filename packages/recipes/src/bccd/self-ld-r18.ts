/**
 * Self-LD, GFocal V1 ResNet-18 taught by another of its kind, from scratch on blood cells (BCCD, 205 training images) — https://arxiv.org/abs/2102.12252
 * lad train bccd/self-ld-r18 --data bccd --teacher runs/bccd-gfl-r18 --out runs/bccd-self-ld-r18
 * Expected: AP 47.8 on the 87 validation images (ours, three seeds), as bccd/gfl-r18, which is student and teacher, but 47.6 to 48.0 where that varies from 46.0 to 48.8
 */

import { defineConfig } from "../config";
import { ldMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";
import { bccdGflNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdSelfLdR18: Recipe = {
  name: "bccd/self-ld-r18",
  aliases: [],
  summary: "self-LD, GFocal ResNet-18, blood cells at 320x240",
  paper: ldPaper,
  teacher: "bccd/gfl-r18",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdGflNetwork({ depth: 18 }),
    teacher: bccdGflNetwork({ depth: 18 }),
    method: ldMethod(),
  }),
};
