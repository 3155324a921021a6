import type { Assignment } from "@lad/core";
import { distillationKl } from "@lad/losses";
import type { Detector, HasClassLogits, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { positivesAt, rowsOf } from "./level-rows";

export type SoftClassesOptions = {
  readonly weight?: number;
  readonly temperature?: number;
};

/**
 * Classification distillation as the LD repository has it beside LD: `loss_kd` = weight · Σ over levels of the mean over the level's positives of
 * KL(softmax of the teacher's class logits, of the student's) at the temperature; a level without positives adds 0. Classes compete in that softmax,
 * though each has a sigmoid of its own elsewhere.
 * Teacher and student share their grid and their class channels.
 */
export function softClasses<Features, Out, Own>(
  student: HasClassLogits<Own>,
  teacher: Detector<Features, Out> & HasClassLogits<Out>,
  { weight = 10, temperature = 2 }: SoftClassesOptions = {},
): Term<unknown, Own> {
  return {
    name: "classes",
    teachers: [teacher],
    loss(context: TermContext<unknown, Own>, targets): Losses {
      const own = student.classLogits(context.student.out);
      const taught = teacher.classLogits(context.of(teacher).out);
      const rows = targets ? positivesAt(targets) : new Int32Array(0);
      const levelSizes = own.map(({ shape }) => shape[1]);
      return tf.tidy(() => {
        const weights = targets ? levelShares(rows, targets, levelSizes) : new Float32Array(0);
        const divergence = distillationKl(rowsOf(own, rows), rowsOf(taught, rows), { temperature, weights });
        return { loss_kd: tf.mul(divergence, weight) as tf.Scalar };
      });
    },
  };
}

/** 1 / the number of positives of its level, of every row. */
function levelShares(
  rows: Int32Array,
  { matchedGt, numPositives }: Assignment,
  levelSizes: readonly number[],
): Float32Array {
  const anchors = matchedGt.length / numPositives.length;
  const ends = levelSizes.map((_, level) => levelSizes.slice(0, level + 1).reduce((sum, size) => sum + size, 0));
  const levels = rows.map((row) => ends.findIndex((end) => row % anchors < end));
  const counts = levelSizes.map((_, level) => levels.filter((other) => other === level).length);
  return Float32Array.from(levels, (level) => 1 / counts[level]!);
}
