/**
 * CoLAD, ResNet-101 with COP and PAA ResNet-50 together, 2x, multi-scale — https://arxiv.org/abs/2108.10520
 * lad train colad/r101cop-r50 --data coco --init resnet101.safetensors --teacher runs/paa-r50-3x-ms --out runs/colad-r101cop-r50
 * Expected: COCO test-dev AP 46.0 (AP50 64.4, AP75 50.6; small 27.9, medium 49.9, large 57.3) of the ResNet-101
 * Both networks train. The student here is the one that is tested and starts from ImageNet, the reference's second network; the teacher
 * starts from a trained PAA, its first. So `_t` marks the ResNet-50's losses, and `t_ratio` is 1 minus the reference's.
 */
import { conditionalObjectness } from "@lad/heads";
import { cocoSettings, longSchedule, multiScalePipeline } from "../coco-settings";
import { defineConfig } from "../config";
import { coladMethod } from "../methods";
import { paaNetwork } from "../paa-network";
import { ladPaper, type Recipe } from "../recipe";

export const coladR101CopR50: Recipe = {
  name: "colad/r101cop-r50",
  aliases: ["lad/paa_colad_stdmean_r101cop_r50p3x_ms_2x"],
  summary: "CoLAD, ResNet-101 with COP and PAA ResNet-50 together",
  paper: ladPaper,
  teacher: "paa/r50-3x-ms",
  dataset: "COCO 2017",
  schedule: "2x, multi-scale",
  expected: { ap: 46.0, source: "published, test-dev" },
  config: defineConfig({
    ...cocoSettings,
    ...longSchedule,
    pipeline: multiScalePipeline,
    student: paaNetwork({ depth: 101, probability: conditionalObjectness({ unusedObjectness: true }) }),
    teacher: paaNetwork({ depth: 50 }),
    trainsTeacher: true,
    method: coladMethod({ criterion: "stdMean", granularity: "level" }),
  }),
};
