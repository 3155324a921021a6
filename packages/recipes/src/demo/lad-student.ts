/**
 * LAD on drawn shapes: the demo's student taught by the demo's teacher — https://arxiv.org/abs/2108.10520
 * lad demo, or lad train demo/lad-student --data shapes --teacher runs/demo-paa-teacher --out runs/demo-lad
 * Expected: AP50 above 0.5 on held-out images
 */
import { defineConfig } from "../config";
import { ladMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { demoNetwork, demoSettings } from "./demo-settings";

export const demoLadStudent: Recipe = {
  name: "demo/lad-student",
  aliases: [],
  summary: "LAD on drawn shapes: a tiny ResNet-18 taught by demo/paa-teacher",
  paper: ladPaper,
  teacher: "demo/paa-teacher",
  dataset: "drawn shapes",
  schedule: "6 epochs",
  config: defineConfig({
    ...demoSettings,
    student: demoNetwork({ baseChannels: 8 }),
    teacher: demoNetwork({ baseChannels: 12 }),
    method: ladMethod,
  }),
};
