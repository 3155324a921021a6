/**
 * LAD, a narrow ResNet-18 taught by a wider one on blood cells (BCCD) — https://arxiv.org/abs/2108.10520
 * lad train bccd/lad-small --data bccd --teacher runs/bccd-paa-small --out runs/bccd-lad-small
 * Expected: AP50 above 0.3 on the 87 validation images
 */
import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { smallBccdNetwork, smallBccdSettings } from "./bccd-small";

export const bccdLadSmall: Recipe = {
  name: "bccd/lad-small",
  aliases: [],
  summary: "LAD, a narrower ResNet-18 taught by bccd/paa-small, blood cells at 160x120",
  paper: ladPaper,
  teacher: "bccd/paa-small",
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({
    ...smallBccdSettings,
    student: smallBccdNetwork({ baseChannels: 16 }),
    teacher: smallBccdNetwork({ baseChannels: 24 }),
    method: ladMethod,
  }),
};
