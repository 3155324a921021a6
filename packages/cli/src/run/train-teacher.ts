import { existsSync } from "node:fs";
import path from "node:path";
import { findRecipe } from "@lad/recipes";
import { runFiles } from "@lad/train";
import type { Terminal } from "../terminal/terminal";
import { percent } from "./coco-metrics";
import { planTraining, type TrainPlan } from "./plan-training";
import { recipeNotes } from "./recipe-notes";
import { makeRunDirectory, runRecordOf, writeRunRecord } from "./run-record";
import { openTrainingData, runTraining, type TrainingData, type TrainingOptions } from "./run-training";

/**
 * Trains a plan's teacher by its own recipe, in the folder `teacher` of the run, or goes on with that; nothing if the student has begun. A teacher that
 * has a teacher itself, an assistant, is preceded by that one: a chain is trained stage by stage. The
 * run's config.json is written first, so that `--resume` needs nothing else whenever it was stopped.
 * @returns whether the teacher is there: false if it was interrupted.
 */
export async function trainTeacher(
  plan: TrainPlan,
  { training }: Pick<TrainingData, "training">,
  terminal: Terminal,
  options: TrainingOptions = {},
): Promise<boolean> {
  const { teacherRun, out, data, seed, vocOrigin } = plan;
  if (!teacherRun || existsSync(runFiles(out).state)) return true;
  if (!plan.resumed) {
    await makeRunDirectory(out);
    await writeRunRecord(out, runRecordOf(plan, training.classes));
  }
  const teacherPlan = await planTraining({
    config: teacherRun.recipe,
    data,
    out: path.join(out, "teacher"),
    resume: true, // begins it if there is nothing to resume
    seed,
    set: teacherRun.overrides,
    ...(findRecipe(teacherRun.recipe).teacher && { trainTeacher: true, teacherSet: teacherRun.overrides }),
    init: teacherRun.init,
    fromScratch: teacherRun.init === undefined,
    vocOrigin,
  });
  terminal.note(`the teacher first, by recipe ${teacherRun.recipe}: ${teacherPlan.out}`);
  for (const note of recipeNotes(teacherPlan)) terminal.note(note);
  const opened = await openTrainingData(teacherPlan, { ...terminal, note: () => {} });
  if (!(await trainTeacher(teacherPlan, opened, terminal, options))) return false;
  const { finished, best } = await runTraining(teacherPlan, opened, terminal, { label: "teacher", ...options });
  if (best) terminal.note(`teacher: best ${best.metric} ${percent(best.value)} in epoch ${best.epoch}`);
  return finished;
}
