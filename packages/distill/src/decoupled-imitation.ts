import { decoupledImitationLoss } from "@lad/losses";
import type { AnyDetector, Detector, HasLevels, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { detectorGrid } from "./detector-grid";
import { fittedLevels } from "./fitted-levels";
import type { ImitationAdapter } from "./imitation-adapter";
import { type ObjectMasks, objectMasks } from "./object-masks";

export type DecoupledImitationOptions = {
  readonly foregroundWeight?: number;
  readonly backgroundWeight?: number;
  /** Fits the student's features to the teacher's; its parameters train with the student's. */
  readonly adapter?: ImitationAdapter;
};

/**
 * Decoupled feature imitation (DeFeat, arXiv 2103.14475): `loss_im` = foregroundWeight · fg + backgroundWeight · bg, each the mean over levels of the squared
 * difference on (off) objects over twice the numbers there. Weights of its published neck configuration. The LD repository's `decouple` cannot run; this is what
 * DeFeat's own code does.
 * @throws {LadError} SHAPE_MISMATCH in a step, if the features differ in shape and no adapter is given.
 */
export function decoupledImitation<Features, Out, OwnFeatures>(
  student: Pick<AnyDetector, "name" | "anchors"> & HasLevels<OwnFeatures>,
  teacher: Detector<Features, Out> & HasLevels<Features>,
  { foregroundWeight = 3, backgroundWeight = 12, adapter }: DecoupledImitationOptions = {},
): Term<OwnFeatures, unknown, ObjectMasks> {
  return {
    name: "decoupled-imitation",
    teachers: [teacher],
    ...(adapter && { networks: { adapter } }),
    prepare: async ({ batch }) =>
      objectMasks(batch.boxes, student.anchors!.strides, detectorGrid(student, batch).sizes),
    loss(context: TermContext<OwnFeatures, unknown>, _, masks): Losses {
      return tf.tidy(() => {
        const taught = teacher.levels(context.of(teacher).features);
        const own = fittedLevels(student.levels(context.student.features), taught, adapter);
        const parts = own.map((map, level) => decoupledImitationLoss(map, taught[level]!, masks[level]!));
        const mean = (which: "foreground" | "background", weight: number) =>
          tf.mul(tf.addN(parts.map((part) => part[which])), weight / parts.length);
        return {
          loss_im: tf.add(mean("foreground", foregroundWeight), mean("background", backgroundWeight)) as tf.Scalar,
        };
      });
    },
  };
}
