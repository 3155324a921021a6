import { distill, labelAssignment, softLabels } from "@lad/distill";
import { defineConfig, paaNetwork } from "@lad/recipes";

// The teacher as mmdetection's paa_r50_fpn builds it; the student must share its anchors, which are the default of both.
const teacherNetwork = paaNetwork({ depth: 50 });
const studentNetwork = paaNetwork({ depth: 18 });

/** SoLAD (arXiv 2108.10520): the teacher decides which anchors are positive, and its probabilities and boxes are imitated besides. */
export default defineConfig({
  pipeline: {
    resize: { kind: "keepRatio", long: 1333, short: 800 },
    interpolation: "cv2",
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
    flip: 0.5,
    padMultiple: 32,
  },
  pretrained: true,
  batch: 8,
  epochs: 12,
  learningRate: 0.01,
  learningRateBatch: 16,
  milestones: [8, 11],
  warmup: { iterations: 500, ratio: 0.001 },
  student: studentNetwork,
  teacher: teacherNetwork,
  method: ({ student, teacher, groups }) => {
    const soft = softLabels(student, teacher, { minIou: 0.5, classWeight: 2 });
    return distill(student, [labelAssignment(teacher), soft], groups);
  },
});
