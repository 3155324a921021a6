import type { Settings } from "./config";

/** Statistics of ImageNet, RGB, in the units of the bytes. */
export const imageNet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const;

/** What all published COCO configurations share: the "1x" schedule for 16 images a step, from ImageNet weights. */
export const cocoSettings: Settings = {
  pretrained: true,
  pipeline: {
    ...imageNet,
    resize: { kind: "keepRatio", long: 1333, short: 800 },
    interpolation: "cv2",
    flip: 0.5,
    padMultiple: 32,
  },
  batch: 16,
  epochs: 12,
  learningRate: 0.01,
  learningRateBatch: 16,
  milestones: [8, 11],
  warmup: { iterations: 500, ratio: 0.001 },
  momentum: 0.9,
  weightDecay: 1e-4,
  groupByOrientation: true,
};

/** Twice as long: "2x". */
export const longSchedule = { epochs: 24, milestones: [16, 22] } as const;

/** Multi-scale training: the shorter side is drawn from 640 to 800; tests keep 800. */
export const multiScalePipeline: Settings["pipeline"] = {
  ...cocoSettings.pipeline,
  resize: { kind: "keepRatio", long: 1333, short: [640, 800] },
};
