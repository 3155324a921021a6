/**
 * PAA, a tiny ResNet-18 on drawn shapes: the teacher of the demo — https://arxiv.org/abs/2007.08103
 * lad demo, or lad train demo/paa-teacher --data shapes --out runs/demo-paa-teacher
 * Expected: AP50 above 0.5 on held-out images
 */
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { ladPaper, type Recipe } from "../recipe";
import { demoNetwork, demoSettings } from "./demo-settings";

export const demoPaaTeacher: Recipe = {
  name: "demo/paa-teacher",
  aliases: [],
  summary: "PAA, a tiny ResNet-18 on drawn shapes: the teacher of the demo",
  paper: ladPaper,
  dataset: "drawn shapes",
  schedule: "7 epochs",
  config: defineConfig({
    ...demoSettings,
    epochs: 7,
    milestones: [6],
    student: demoNetwork({ baseChannels: 12 }),
    method: plainMethod,
  }),
};
