import { type Assignment, LadError } from "@lad/core";
import { imitationLoss } from "@lad/losses";
import { gatherRows } from "@lad/nn";
import type { Batch, Detector, HasLevels, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { detectorGrid } from "./detector-grid";
import { type GiOptions, type GiStudent, type GiTeacher, giCells } from "./gi-cells";
import type { ImitationAdapter } from "./imitation-adapter";
import { type ImitationRegion, imitationCells } from "./imitation-cells";
import { positivesAt } from "./level-rows";

export type FeatureImitationOptions = {
  readonly weight?: number;
  /** Where: `gi`, general instances of both networks' outputs; `fitnet` or `fineGrained`, cells near objects. */
  readonly region?: "gi" | ImitationRegion;
  readonly gi?: GiOptions;
  /** Fits the student's features to the teacher's; needed where they differ in width. Its parameters train with the student's. */
  readonly adapter?: ImitationAdapter;
};

/** Per level, the cells to imitate: image · H·W + cell. */
export type ImitatedCells = readonly Int32Array[];

type Levels = readonly tf.Tensor4D[];

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
      const own = { detector: student, out: context.student.out };
      const cells =
        region === "gi"
          ? await giCells(own, { detector: teacher, out: context.of(teacher).out }, batch, gi)
          : regionCells(student, batch, region);
      const { anchorsPerCell, levelSizes } = detectorGrid(student, batch);
      return onLevelsWithPositives(cells, levelSizes, targets).map((rows) => uniqueCells(rows, anchorsPerCell));
    },
    metrics: (cells) => ({ imitated: cells.reduce((sum, rows) => sum + rows.length, 0) }),
    loss(context: TermContext<OwnFeatures, Own>, _, cells): Losses {
      return tf.tidy(() => {
        const taught = teacher.levels(context.of(teacher).features);
        const own = fitted(student.levels(context.student.features), taught, adapter);
        const parts = own.map((map, level) =>
          imitationLoss(gatherRows(cellRows(map), cells[level]!), gatherRows(cellRows(taught[level]!), cells[level]!)),
        );
        return { loss_im: tf.mul(tf.addN(parts), weight) as tf.Scalar };
      });
    },
  };
}

/** The student's maps in the teacher's width. @throws {LadError} SHAPE_MISMATCH if they differ. */
export function fitted(own: Levels, taught: Levels, adapter: ImitationAdapter | undefined): Levels {
  const maps = adapter ? adapter.forward(own) : own;
  maps.forEach(({ shape }, level) => {
    const wanted = taught[level]?.shape;
    if (`${wanted}` === `${shape}`) return;
    throw new LadError(
      "SHAPE_MISMATCH",
      `feature imitation: level ${level} of the student is [${shape}], the teacher's [${wanted}]; give an imitationAdapter where widths differ`,
    );
  });
  return maps;
}

function cellRows(map: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(map, [-1, map.shape[3]]);
}

/** Per level the anchors of all images in the region, image · (H·W·A) + anchor. */
function regionCells(
  student: Pick<Detector<unknown, unknown>, "name" | "anchors">,
  batch: Batch,
  region: ImitationRegion,
): Int32Array[] {
  const { anchors, levelSizes, valid } = detectorGrid(student, batch);
  const flags = batch.boxes.map((boxes, image) => imitationCells(anchors, boxes, valid[image]!, region));
  let start = 0;
  return levelSizes.map((size) => {
    const first = start;
    start += size;
    const rows = flags.flatMap((image, index) =>
      [...image.subarray(first, first + size).keys()].filter((at) => image[first + at]).map((at) => index * size + at),
    );
    return Int32Array.from(rows);
  });
}

function onLevelsWithPositives(
  cells: readonly Int32Array[],
  levelSizes: readonly number[],
  targets: Assignment | undefined,
): Int32Array[] {
  if (!targets) return [...cells];
  const anchors = levelSizes.reduce((sum, size) => sum + size, 0);
  const positives = positivesAt(targets).map((row) => row % anchors);
  let end = 0;
  return cells.map((rows, level) => {
    const start = end;
    end += levelSizes[level]!;
    return positives.some((anchor) => anchor >= start && anchor < end) ? rows : new Int32Array(0);
  });
}

function uniqueCells(rows: Int32Array, anchorsPerCell: number): Int32Array {
  if (anchorsPerCell === 1) return rows;
  return Int32Array.from(new Set(rows.map((row) => Math.floor(row / anchorsPerCell))));
}
