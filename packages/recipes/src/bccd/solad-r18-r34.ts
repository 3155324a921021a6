/**
 * SoLAD, ResNet-18 taught by PAA ResNet-34, from scratch on blood cells (BCCD) — https://arxiv.org/abs/2108.10520
 * lad train bccd/solad-r18-r34 --data bccd --teacher runs/bccd-paa-r34 --out runs/bccd-solad
 * Expected: AP 49.7 on the 87 validation images (ours, three seeds; none is published), as LAD alone
 */
import { defineConfig } from "../config";
import { soladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdSoladR18R34: Recipe = {
  name: "bccd/solad-r18-r34",
  aliases: [],
  summary: "SoLAD, ResNet-18 taught by PAA ResNet-34, blood cells at 320x240",
  paper: ladPaper,
  teacher: "bccd/paa-r34",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdNetwork({ depth: 18 }),
    teacher: bccdNetwork({ depth: 34 }),
    method: soladMethod(),
  }),
};
