import type { Detector, HasClasses, HasDistributions, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkBins } from "./check-bins";
import { bestProbabilityAt, positivesAt } from "./level-rows";
import { sideDivergence } from "./side-divergence";

export type LocalizationOptions = {
  readonly weight?: number;
  /** Both distributions are softened by it. */
  readonly temperature?: number;
};

/** What a student must have: distributions to teach, class scores to weigh them by. */
export type LocalizationStudent<Out> = HasDistributions<Out> & HasClasses<Out>;

/**
 * Localization distillation (LD, arXiv 2102.12252 eq. 4) on the main region, the student's positives: its side distributions follow the teacher's.
 * `loss_ld` = weight · Σ over positives and sides of w · KL at the temperature / 4, w = the student's best class probability there, without gradient.
 * It is not divided by the number of positives. Teacher and student share their grid and their bins. Follows the LD repository's `loss_ld`.
 * @throws {LadError} INVALID_ARGUMENT if the bins differ.
 */
export function localization<Features, Out, Own>(
  student: LocalizationStudent<Own>,
  teacher: Detector<Features, Out> & HasDistributions<Out>,
  { weight = 0.25, temperature = 10 }: LocalizationOptions = {},
): Term<unknown, Own> {
  checkBins("localization", student, teacher);
  return {
    name: "ld",
    teachers: [teacher],
    loss(context: TermContext<unknown, Own>, targets): Losses {
      const rows = targets ? positivesAt(targets) : new Int32Array(0);
      const [own, taught] = [context.student.out, context.of(teacher).out];
      return tf.tidy(() => ({
        loss_ld: sideDivergence(student.boxDistributions(own), teacher.boxDistributions(taught), {
          rows,
          weights: bestProbabilityAt(student, own, rows),
          temperature,
          factor: weight / 4,
        }),
      }));
    },
  };
}
