/**
 * LD from a GFocal ResNet-34 and labels from a PAA ResNet-34, GFocal V1 ResNet-18 from scratch on blood cells (BCCD) — https://arxiv.org/abs/2102.12252
 * lad train bccd/ld-lad-r18 --data bccd --teacher runs/bccd-gfl-r34 --labeller runs/bccd-paa-r34 --out runs/bccd-ld-lad-r18
 * Expected: AP 48.0 on the 87 validation images (ours, three seeds: 45.3 to 49.8); LD with the labels of its own detector, bccd/ld-r18-r34, reaches 50.1
 */

import { defineConfig } from "../config";
import { ldMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";
import { bccdGflNetwork, bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdLdLadR18: Recipe = {
  name: "bccd/ld-lad-r18",
  aliases: [],
  summary: "LD from GFocal ResNet-34 and labels from PAA ResNet-34, GFocal ResNet-18, blood cells at 320x240",
  paper: ldPaper,
  teacher: "bccd/gfl-r34",
  labeller: "bccd/paa-r34",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdGflNetwork({ depth: 18 }),
    teacher: bccdGflNetwork({ depth: 34 }),
    labeller: bccdNetwork({ depth: 34 }),
    method: ldMethod(),
  }),
};
