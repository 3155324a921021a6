import { type ValuableRegionOptions, valuableRegion } from "@lad/assigners";
import type { Assignment } from "@lad/core";
import type { AnyDetector, Batch, Detector, HasDistributions, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { centresInside } from "./centres-inside";
import { type DetectorGrid, detectorGrid } from "./detector-grid";
import { bestProbabilityAt } from "./level-rows";
import { checkBins, type LocalizationOptions, type LocalizationStudent, sideDivergence } from "./localization";

export type ValuableLocalizationOptions = LocalizationOptions & {
  /** What the sum is divided by; the LD repository has 16 for GFL and 4 for its other students. */
  readonly divisor?: number;
  /**
   * Where. `band`: ATSS' valuable localization region, weighed by IoU. `inside`: anchors whose centre is in some ground truth and that are not positive,
   * weighed by the student's best class probability, as the LD repository does for FCOS.
   */
  readonly region?: "band" | "inside";
  /** Leave positives out of the band (the LD repository's RetinaNet student). */
  readonly excludePositives?: boolean;
  /** How the band is found. */
  readonly band?: ValuableRegionOptions;
};

/** Rows of the flattened batch (image · A + anchor) with their weights; without weights the student's best class probability is taken. */
export type LocalizationRegion = { readonly rows: Int32Array; readonly weights?: Float32Array };

/**
 * Localization distillation on the valuable localization region (VLR, arXiv 2204.05957): anchors near objects that are not good enough to be positive still
 * tell where boxes end. `loss_ld_vlr` = weight · Σ over the region and sides of v · KL at the temperature / divisor. Follows the LD repository's `loss_ld_vlr`.
 * @throws {LadError} INVALID_ARGUMENT if the bins differ; on a batch, if the student has no anchors.
 */
export function valuableLocalization<Features, Out, Own>(
  student: Pick<AnyDetector, "name" | "anchors"> & LocalizationStudent<Own>,
  teacher: Detector<Features, Out> & HasDistributions<Out>,
  {
    weight = 0.25,
    temperature = 10,
    divisor = 16,
    region = "band",
    excludePositives = false,
    band = {},
  }: ValuableLocalizationOptions = {},
): Term<unknown, Own, LocalizationRegion> {
  checkBins("valuableLocalization", student, teacher);
  return {
    name: "vlr",
    teachers: [teacher],
    prepare: async ({ batch }, targets) => {
      const grid = detectorGrid(student, batch);
      return region === "band"
        ? bandRegion(grid, batch, band, excludePositives ? targets : undefined)
        : insideRegion(grid, batch, targets);
    },
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

function bandRegion(
  { anchors, levelSizes, valid }: DetectorGrid,
  batch: Batch,
  options: ValuableRegionOptions,
  without: Assignment | undefined,
): LocalizationRegion {
  const count = anchors.shape[0]!;
  const rows: number[] = [];
  const weights: number[] = [];
  valuableRegion(anchors, levelSizes, batch, valid, options).forEach((values, image) => {
    values.forEach((value, anchor) => {
      const row = image * count + anchor;
      if (!(value > 0) || (without && without.matchedGt[row]! >= 0)) return;
      rows.push(row);
      weights.push(value);
    });
  });
  return { rows: Int32Array.from(rows), weights: Float32Array.from(weights) };
}

function insideRegion(grid: DetectorGrid, batch: Batch, targets: Assignment | undefined): LocalizationRegion {
  const count = grid.anchors.shape[0]!;
  const rows = batch.boxes.flatMap((boxes, image) => {
    const inside = centresInside(grid.anchors, boxes);
    return [...inside.keys()].filter((anchor) => inside[anchor]).map((anchor) => image * count + anchor);
  });
  return { rows: Int32Array.from(rows.filter((row) => !targets || targets.matchedGt[row]! < 0)) };
}
