import { distill, labelAssignment, softLabels } from "@lad/distill";
import { defineConfig, findRecipe, paaNetwork } from "@lad/recipes";

// The teacher as mmdetection's paa_r50_fpn builds it; the student must share its anchors, which are the default of both.
const teacherNetwork = paaNetwork({ depth: 50 });
const studentNetwork = paaNetwork({ depth: 18 });

/** SoLAD (arXiv 2108.10520): the teacher decides which anchors are positive, and its probabilities and boxes are imitated besides. */
export default defineConfig({
  ...findRecipe("paa/r18").config, // images at 1333x800, 12 epochs, an ImageNet backbone
  batch: 8, // the learning rate follows
  student: studentNetwork,
  teacher: teacherNetwork,
  method: ({ student, teacher, groups }) => {
    const soft = softLabels(student, teacher, { minIou: 0.5, classWeight: 2 });
    return distill(student, [labelAssignment(teacher), soft], groups);
  },
});
