import { imageNet } from "../coco-settings";
import type { Settings } from "../config";

/** The setting of the reference runs on BCCD: from scratch, images at half size. */
export const bccdSettings: Settings = {
  pipeline: {
    ...imageNet,
    resize: { kind: "fixed", width: 320, height: 240 },
    interpolation: "pillow",
    flip: 0.5,
    padMultiple: 32,
  },
  batch: 8,
  epochs: 24,
  learningRate: 0.01,
  milestones: [16, 22],
  warmup: { iterations: 100, ratio: 0.001 },
  momentum: 0.9,
  weightDecay: 1e-4,
  validation: { every: 4 },
};
