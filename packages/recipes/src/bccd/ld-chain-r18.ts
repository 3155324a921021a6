/**
 * LD through a teacher assistant, GFocal V1 from scratch on blood cells (BCCD): ResNet-34 to ResNet-18 to a ResNet-18 half as wide — https://arxiv.org/abs/2102.12252
 * lad train bccd/ld-chain-r18 --data bccd --train-teacher --out runs/bccd-ld-chain
 * Expected: not measured yet
 */

import { defineConfig } from "../config";
import { gflNetwork } from "../gfl-network";
import { ldMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";
import { bccdGflNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdLdChainR18: Recipe = {
  name: "bccd/ld-chain-r18",
  aliases: [],
  summary: "LD, narrow GFocal ResNet-18 taught by an assistant that ResNet-34 taught, blood cells at 320x240",
  paper: ldPaper,
  teacher: "bccd/ld-r18-r34",
  dataset: "BCCD",
  schedule: "24 epochs a stage",
  config: defineConfig({
    ...bccdSettings,
    student: gflNetwork({ depth: 18, baseChannels: 32, channels: 128, stackedConvs: 2 }),
    teacher: bccdGflNetwork({ depth: 18 }),
    method: ldMethod(),
  }),
};
