/**
 * PAA with implicit object (IO) beside the IoU branch, ResNet-18, 1x — https://arxiv.org/abs/2108.10520
 * lad train io/r18 --data coco --init resnet18.safetensors --out runs/io-r18
 * Expected: COCO val2017 AP 36.7
 */
import { implicitObject } from "@lad/heads";
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { plainMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const ioR18: Recipe = {
  name: "io/r18",
  aliases: ["io/paaio_r18"],
  summary: "PAA with implicit object (IO) beside the IoU branch, ResNet-18",
  paper: ladPaper,
  dataset: "COCO 2017",
  schedule: "1x",
  expected: { ap: 36.7, source: "published" },
  config: defineConfig({
    ...cocoSettings,
    student: paaNetwork({ depth: 18, probability: implicitObject() }),
    method: plainMethod,
  }),
};
