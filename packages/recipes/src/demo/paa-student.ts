/**
 * PAA, a tiny ResNet-18 on drawn shapes: the demo's baseline — https://arxiv.org/abs/2007.08103
 * lad demo, or lad train demo/paa-student --data shapes --out runs/demo-paa-student
 * Expected: AP50 above 0.5 on held-out images
 */
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { demoNetwork, demoSettings } from "./demo-settings";

export const demoPaaStudent: Recipe = {
  name: "demo/paa-student",
  aliases: [],
  summary: "PAA, a tiny ResNet-18 on drawn shapes: the demo's baseline",
  paper: ladPaper,
  dataset: "drawn shapes",
  schedule: "6 epochs",
  config: defineConfig({ ...demoSettings, student: demoNetwork({ baseChannels: 8 }), method: plainMethod }),
};
