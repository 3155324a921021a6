import { paaNetwork, type Settings } from "@lad/recipes";

/** What teacher and student share: images at 320×240, 24 epochs, no pretrained weights. Change sizes and epochs to suit your data. */
export const settings: Settings = {
  pipeline: {
    resize: { kind: "keepRatio", long: 320, short: 240 },
    interpolation: "cv2",
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
    flip: 0.5,
    padMultiple: 32,
  },
  batch: 8,
  epochs: 24,
  learningRate: 0.01,
  milestones: [16, 22],
  warmup: { iterations: 100, ratio: 0.001 },
  validation: { every: 4 },
};

// Two widths of one network. Teacher and student must share their anchors: the same levels and the same scale.
const shared = { channels: 64, stackedConvs: 2, groups: 16, levels: 5, anchorScale: 4 };
export const teacherNetwork = paaNetwork({ depth: 34, baseChannels: 32, ...shared });
export const studentNetwork = paaNetwork({ depth: 18, baseChannels: 16, ...shared });
