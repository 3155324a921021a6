import { distill, labelAssignment } from "@lad/distill";
import { defineConfig } from "@lad/recipes";
import { settings, studentNetwork, teacherNetwork } from "./settings";

/** The student: the teacher decides which anchors are positive, the student learns them (LAD, arXiv 2108.10520). */
export default defineConfig({
  ...settings,
  student: studentNetwork,
  teacher: teacherNetwork,
  method: ({ student, teacher, groups }) => distill(student, [labelAssignment(teacher)], groups),
});
