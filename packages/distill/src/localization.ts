import { LadError } from "@lad/core";
import { distillationKl } from "@lad/losses";
import type { Detector, HasClasses, HasDistributions, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { bestProbabilityAt, positivesAt, rowsOf } from "./level-rows";

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

export function checkBins(
  where: string,
  student: Pick<HasDistributions<never>, "binCount">,
  teacher: Pick<HasDistributions<never>, "binCount">,
): void {
  if (student.binCount === teacher.binCount) return;
  throw new LadError(
    "INVALID_ARGUMENT",
    `${where}: the student has ${student.binCount} bins a side, the teacher ${teacher.binCount}; build both heads with one binCount (reg_max + 1)`,
  );
}

export type SideDivergence = {
  /** Rows of the flattened batch. */
  readonly rows: Int32Array;
  /** Of each row, `[P]`. */
  readonly weights: tf.Tensor1D;
  readonly temperature: number;
  readonly factor: number;
};

/** factor · Σ over rows and their four sides of weight · KL(teacher's distribution, student's). */
export function sideDivergence(
  own: readonly tf.Tensor3D[],
  taught: readonly tf.Tensor3D[],
  { rows, weights, temperature, factor }: SideDivergence,
): tf.Scalar {
  const [student, teacher] = [rowsOf(own, rows), rowsOf(taught, rows)];
  const sides = rows.length * 4;
  const bins = student.shape[1] / 4;
  const perSide = (values: tf.Tensor) => tf.reshape(values, [sides, bins]) as tf.Tensor2D;
  const repeated = tf.reshape(tf.tile(tf.reshape(weights, [rows.length, 1]), [1, 4]), [sides]) as tf.Tensor1D;
  const divergence = distillationKl(perSide(student), perSide(teacher), { temperature, weights: repeated });
  return tf.mul(divergence, factor) as tf.Scalar;
}
