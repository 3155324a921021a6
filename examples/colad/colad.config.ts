import { colad } from "@lad/distill";
import { conditionalObjectness } from "@lad/heads";
import { defineConfig, paaNetwork } from "@lad/recipes";

// Two networks that share their anchors: the same levels and the same scale. They may differ in everything else, here in width and head.
const shared = { channels: 64, stackedConvs: 2, groups: 16, levels: 5, anchorScale: 4 };

/** CoLAD (arXiv 2108.10520): both networks train, and for every object and level the one whose costs tell more assigns for both. */
export default defineConfig({
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
  student: paaNetwork({ depth: 18, baseChannels: 32, ...shared, probability: conditionalObjectness() }),
  teacher: paaNetwork({ depth: 18, baseChannels: 16, ...shared }),
  trainsTeacher: true,
  method: ({ student, teacher, groups }) =>
    colad(student, teacher, groups, { criterion: "stdMean", granularity: "level" }),
});
