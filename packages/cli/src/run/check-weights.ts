import { LadError } from "@lad/core";
import { findRecipe, type ResolvedConfig } from "@lad/recipes";
import { loadConfig } from "../load-config";
import { usageError } from "../usage-error";
import type { TrainRequest } from "./plan-training";
import type { TeacherRun } from "./run-record";

/**
 * Weights that are wanted and not given stop the command before it works, all at once. A teacher that is trained too may start without.
 * @throws {LadError} NOT_FOUND naming all that is missing; INVALID_ARGUMENT for what contradicts itself.
 */
export async function checkWeights(
  name: string,
  config: ResolvedConfig,
  { init, start, teacher, labeller, teacherInit, teacherSet = [], fromScratch }: TrainRequest,
  teacherRun: TeacherRun | undefined,
): Promise<void> {
  const given = init ? "--init" : "--start";
  if (fromScratch && (init || start)) throw usageError(`lad train: --from-scratch and ${given} contradict each other`);
  if (init && start) throw usageError("lad train: --init and --start contradict each other: a start has its backbone");
  if (!config.teacher && teacher) throw usageError(`lad train: --teacher is given, but ${name} has no teacher`);
  if (!config.labeller && labeller) throw usageError(`lad train: --labeller is given, but ${name} has no labeller`);
  if (!teacherRun && (teacherInit || teacherSet.length > 0))
    throw usageError("lad train: --teacher-init and --teacher-set are for --train-teacher");
  const missing: string[] = [];
  if (config.pretrained && !init && !start && !fromScratch) {
    missing.push(
      "backbone weights: give --init F (a file with torchvision's names), or --from-scratch to train without",
    );
  }
  const mayStartFresh = config.trainsTeacher && (fromScratch || !config.pretrained);
  if (config.teacher && !teacher && !teacherRun && !mayStartFresh)
    missing.push(`the teacher's weights: give --teacher F (a run directory or a file)${trainedBy(name)}`);
  if (config.labeller && !labeller)
    missing.push("the labeller's weights: give --labeller F (a run directory or a file)");
  if (teacherRun && !fromScratch && !teacherRun.init) {
    const teachers = await loadConfig(teacherRun.recipe, teacherRun.overrides);
    if (teachers.config.pretrained)
      missing.push(
        `the backbone weights of the teacher, which ${teacherRun.recipe} trains: give --teacher-init F, or --from-scratch`,
      );
  }
  if (missing.length > 0) throw new LadError("NOT_FOUND", `${name} needs ${missing.join("\nand ")}`);
}

function trainedBy(name: string): string {
  if (/\.[cm]?[jt]s$/.test(name)) return "";
  const { teacher } = findRecipe(name);
  return teacher === undefined ? "" : `, or --train-teacher to train it first by recipe ${teacher}`;
}
