/**
 * CoLAD, PAA ResNet-18 and PAA ResNet-34 together, both from scratch on blood cells (BCCD) — https://arxiv.org/abs/2108.10520
 * lad train bccd/colad-r18-r34 --data bccd --out runs/bccd-colad
 * Expected: AP 49.3 on the 87 validation images for both networks (ours, three seeds; none is published); alone they reach 47.9 and 47.3
 * The student is the ResNet-18; `lad test runs/bccd-colad --network teacher` judges the ResNet-34.
 */
import { defineConfig } from "../config";
import { coladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { bccdNetwork } from "./bccd-network";
import { bccdSettings } from "./bccd-settings";

export const bccdColadR18R34: Recipe = {
  name: "bccd/colad-r18-r34",
  aliases: [],
  summary: "CoLAD, PAA ResNet-18 and ResNet-34 together from scratch, blood cells at 320x240",
  paper: ladPaper,
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...bccdSettings,
    student: bccdNetwork({ depth: 18 }),
    teacher: bccdNetwork({ depth: 34 }),
    trainsTeacher: true,
    method: coladMethod(),
  }),
};
