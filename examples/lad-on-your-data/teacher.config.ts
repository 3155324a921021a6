import { distill } from "@lad/distill";
import { defineConfig } from "@lad/recipes";
import { settings, teacherNetwork } from "./settings";

/** The teacher: PAA, trained as usual (a method without terms). */
export default defineConfig({
  ...settings,
  student: teacherNetwork,
  method: ({ student, groups }) => distill(student, [], groups),
});
