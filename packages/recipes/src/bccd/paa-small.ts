/**
 * PAA, a narrow ResNet-18 on blood cells (BCCD): a first real training run for a machine without a fast engine.
 * lad train bccd/paa-small --data bccd --out runs/bccd-paa-small
 * Expected: AP50 above 0.3 on the 87 validation images
 */
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { smallBccdNetwork, smallBccdSettings } from "./bccd-small";

export const bccdPaaSmall: Recipe = {
  name: "bccd/paa-small",
  aliases: [],
  summary: "PAA, a narrow ResNet-18, blood cells at 160x120",
  paper: ladPaper,
  dataset: "BCCD",
  schedule: "24 epochs",
  config: defineConfig({ ...smallBccdSettings, student: smallBccdNetwork({ baseChannels: 24 }), method: plainMethod }),
};
