import { imitationLoss } from "@lad/losses";
import { gatherRows } from "@lad/nn";
import type { Detector, HasLevels, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { detectorGrid } from "./detector-grid";
import { fittedLevels } from "./fitted-levels";
import { type GiOptions, type GiStudent, type GiTeacher, giCells } from "./gi-cells";
import { type ImitatedCells, imitatedCells } from "./imitated-cells";
import type { ImitationAdapter } from "./imitation-adapter";
import type { ImitationRegion } from "./imitation-cells";
import { regionCells } from "./region-cells";

export type FeatureImitationOptions = {
  readonly weight?: number;
  /** Where: `gi`, general instances of both networks' outputs; `fitnet` or `fineGrained`, cells near objects. */
  readonly region?: "gi" | ImitationRegion;
  readonly gi?: GiOptions;
  /** Fits the student's features to the teacher's; needed where they differ in width. Its parameters train with the student's. */
  readonly adapter?: ImitationAdapter;
};

/**
 * Feature imitation: the student's pyramid follows its teacher's at chosen cells. `loss_im` = weight · Σ over levels of the mean squared difference over the level's
 * cells and channels; a level without positives of the student adds 0, whatever its cells. Follows the LD repository's `loss_im`.
 * Regions: GI (arXiv 2103.02340), FitNets (arXiv 1412.6550) inside objects, fine-grained (arXiv 1906.03609).
 * @throws {LadError} SHAPE_MISMATCH in a step, if the features differ in shape and no adapter is given.
 */
export function featureImitation<Features, Out, OwnFeatures, Own>(
  student: GiStudent<Own> & HasLevels<OwnFeatures>,
  teacher: Detector<Features, Out> & GiTeacher<Out> & HasLevels<Features>,
  { weight = 2, region = "gi", gi = {}, adapter }: FeatureImitationOptions = {},
): Term<OwnFeatures, Own, ImitatedCells> {
  return {
    name: "imitation",
    teachers: [teacher],
    ...(adapter && { networks: { adapter } }),
    prepare: async (context, targets) => {
      const { batch } = context;
      const grid = detectorGrid(student, batch);
      const own = { detector: student, out: context.student.out };
      const taught = { detector: teacher, out: context.of(teacher).out };
      const rows = region === "gi" ? await giCells(own, taught, batch, gi) : regionCells(grid, batch, region);
      return imitatedCells(rows, grid, targets);
    },
    metrics: (cells) => ({ imitated: cells.reduce((sum, rows) => sum + rows.length, 0) }),
    loss(context: TermContext<OwnFeatures, Own>, _, cells): Losses {
      return tf.tidy(() => {
        const taught = teacher.levels(context.of(teacher).features);
        const own = fittedLevels(student.levels(context.student.features), taught, adapter);
        const parts = own.map((map, level) =>
          imitationLoss(gatherRows(cellRows(map), cells[level]!), gatherRows(cellRows(taught[level]!), cells[level]!)),
        );
        return { loss_im: tf.mul(tf.addN(parts), weight) as tf.Scalar };
      });
    },
  };
}

const cellRows = (map: tf.Tensor4D): tf.Tensor2D => tf.reshape(map, [-1, map.shape[3]]);
