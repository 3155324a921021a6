import { defineConfig, plainMethod } from "@lad/recipes";
import { gflTeacher, settings } from "./settings";

export default defineConfig({ ...settings, student: gflTeacher, method: plainMethod });
