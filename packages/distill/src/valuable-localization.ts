import type { AnyDetector, Detector, HasDistributions, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkBins } from "./check-bins";
import { bestProbabilityAt } from "./level-rows";
import type { LocalizationOptions, LocalizationStudent } from "./localization";
import { type LocalizationRegion, type LocalizationRegionOptions, localizationRegion } from "./localization-region";
import { sideDivergence } from "./side-divergence";

export type ValuableLocalizationOptions = LocalizationOptions &
  LocalizationRegionOptions & {
    /** What the sum is divided by; the LD repository has 16 for GFL and 4 for its other students. */
    readonly divisor?: number;
  };

/**
 * Localization distillation on the valuable localization region (VLR, arXiv 2204.05957): anchors near objects that are not good enough to be positive still
 * tell where boxes end. `loss_ld_vlr` = weight · Σ over the region and sides of v · KL at the temperature / divisor. Follows the LD repository's `loss_ld_vlr`.
 * @throws {LadError} INVALID_ARGUMENT if the bins differ; on a batch, if the student has no anchors.
 */
export function valuableLocalization<Features, Out, Own>(
  student: Pick<AnyDetector, "name" | "anchors"> & LocalizationStudent<Own>,
  teacher: Detector<Features, Out> & HasDistributions<Out>,
  { weight = 0.25, temperature = 10, divisor = 16, ...where }: ValuableLocalizationOptions = {},
): Term<unknown, Own, LocalizationRegion> {
  checkBins("valuableLocalization", student, teacher);
  return {
    name: "vlr",
    teachers: [teacher],
    prepare: async ({ batch }, targets) => localizationRegion(student, batch, targets, where),
    metrics: ({ rows }) => ({ vlr: rows.length }),
    loss(context: TermContext<unknown, Own>, _, { rows, weights }): Losses {
      const [own, taught] = [context.student.out, context.of(teacher).out];
      return tf.tidy(() => ({
        loss_ld_vlr: sideDivergence(student.boxDistributions(own), teacher.boxDistributions(taught), {
          rows,
          weights: weights ? tf.tensor1d(weights) : bestProbabilityAt(student, own, rows),
          temperature,
          factor: weight / divisor,
        }),
      }));
    },
  };
}
