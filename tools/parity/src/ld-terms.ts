import { LadError } from "@lad/core";
import type { DenseOut, DistributionDetector } from "@lad/detectors";
import {
  featureImitation,
  type ImitatedCells,
  type LocalizationRegion,
  localization,
  softClasses,
  valuableLocalization,
} from "@lad/distill";
import type { Term } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { assignerOptions } from "./build-gfl";
import type { MmConfig } from "./build-mm";

/** What the reference's heads distil, in our words. */
export type LdTerms = {
  readonly localization?: Term<unknown, DenseOut>;
  readonly region?: Term<unknown, DenseOut, LocalizationRegion>;
  readonly classes?: Term<unknown, DenseOut>;
  readonly imitation?: Term<tf.Tensor4D[], DenseOut, ImitatedCells>;
};

const imitationRegions = { gibox: "gi", fitnet: "fitnet", finegrained: "fineGrained" } as const;

/** @param model the student's section; its head says what it learns from its teacher. */
export function ldTerms(
  golden: MmConfig,
  model: MmConfig,
  student: DistributionDetector,
  teacher: DistributionDetector | undefined,
): LdTerms {
  const head = model.bbox_head;
  if (!teacher) return {};
  if (head.loss_dfl.type === "KDDistributionFocalLoss") {
    const { alpha = 1, loss_weight, T } = head.loss_dfl;
    return { localization: localization(student, teacher, { weight: alpha * loss_weight, temperature: T }) };
  }
  const { loss_ld, loss_ld_vlr, loss_kd, loss_im, imitation_method = "gibox" } = head;
  const region = imitationRegions[imitation_method as keyof typeof imitationRegions];
  if (!region) throw new LadError("UNSUPPORTED", `imitation_method ${imitation_method}`);
  const softened = ({ loss_weight, T }: MmConfig) => ({ weight: loss_weight, temperature: T });
  return {
    ...(loss_ld && { localization: localization(student, teacher, softened(loss_ld)) }),
    ...(loss_ld_vlr && {
      region: valuableLocalization(student, teacher, { ...softened(loss_ld_vlr), band: assignerOptions(golden) }),
    }),
    ...(loss_kd && { classes: softClasses(student, teacher, softened(loss_kd)) }),
    ...(loss_im && { imitation: featureImitation(student, teacher, { weight: loss_im.loss_weight, region }) }),
  };
}
