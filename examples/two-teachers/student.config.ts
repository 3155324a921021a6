import { distill, labelAssignment, localization } from "@lad/distill";
import { defineConfig } from "@lad/recipes";
import { gflTeacher, paaTeacher, settings, student } from "./settings";

/** LD from a GFocal teacher, labels from a PAA network. */
export default defineConfig({
  ...settings,
  student,
  teacher: gflTeacher,
  labeller: paaTeacher,
  method: ({ student, teacher, labeller, groups }) =>
    distill(student, [labelAssignment(labeller), localization(student, teacher)], groups),
});
