import { type ValuableRegionOptions, valuableRegion } from "@lad/assigners";
import type { Assignment } from "@lad/core";
import type { AnyDetector, Batch } from "@lad/tensor";
import { centresInside } from "./centres-inside";
import { detectorGrid } from "./detector-grid";

/** Rows of the flattened batch (image · A + anchor) with their weights; without weights the student's best class probability is taken. */
export type LocalizationRegion = { readonly rows: Int32Array; readonly weights?: Float32Array };

export type LocalizationRegionOptions = {
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

type Student = Pick<AnyDetector, "name" | "anchors">;

/**
 * Where boxes can be learned besides the positives: ATSS' valuable localization region, or the insides of objects.
 * @param targets the student's assignment, whose positives are left out where the options say so
 * @throws {LadError} INVALID_ARGUMENT for a student without anchors.
 */
export function localizationRegion(
  student: Student,
  batch: Batch,
  targets: Assignment | undefined,
  { region = "band", excludePositives = false, band = {} }: LocalizationRegionOptions,
): LocalizationRegion {
  return region === "band"
    ? bandRegion(student, batch, band, excludePositives ? targets : undefined)
    : insideRegion(student, batch, targets);
}

/** Each anchor is weighed by its IoU. */
function bandRegion(
  student: Student,
  batch: Batch,
  options: ValuableRegionOptions,
  without: Assignment | undefined,
): LocalizationRegion {
  const { anchors, levelSizes, valid } = detectorGrid(student, batch);
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

function insideRegion(student: Student, batch: Batch, targets: Assignment | undefined): LocalizationRegion {
  const { anchors } = detectorGrid(student, batch);
  const count = anchors.shape[0]!;
  const rows = batch.boxes.flatMap((boxes, image) => {
    const inside = centresInside(anchors, boxes);
    return [...inside.keys()].filter((anchor) => inside[anchor]).map((anchor) => image * count + anchor);
  });
  return { rows: Int32Array.from(rows.filter((row) => !targets || targets.matchedGt[row]! < 0)) };
}
