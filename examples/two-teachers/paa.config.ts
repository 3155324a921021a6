import { defineConfig, plainMethod } from "@lad/recipes";
import { paaTeacher, settings } from "./settings";

export default defineConfig({ ...settings, student: paaTeacher, method: plainMethod });
