/**
 * LAD through an assistant on drawn shapes: a narrower student taught by demo/lad-student, which demo/paa-teacher taught — https://arxiv.org/abs/2108.10520
 * lad train demo/lad-chain --data shapes --train-teacher --out runs/demo-chain
 * Expected: shows that a chain is trained stage by stage and goes on where it was stopped; no figure
 */
import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { demoNetwork, demoSettings } from "./demo-settings";

export const demoLadChain: Recipe = {
  name: "demo/lad-chain",
  aliases: [],
  summary: "LAD through an assistant on drawn shapes: a narrower ResNet-18 taught by demo/lad-student",
  paper: ladPaper,
  teacher: "demo/lad-student",
  dataset: "drawn shapes",
  schedule: "6 epochs a stage",
  config: defineConfig({
    ...demoSettings,
    student: demoNetwork({ baseChannels: 6 }),
    teacher: demoNetwork({ baseChannels: 8 }),
    method: ladMethod,
  }),
};
