import type { Detector, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KeptRegions, keptRegions } from "./kept-regions";
import type { SoftForm } from "./soft-distance";
import { type Labelled, softLabelSums } from "./soft-label-sums";

export type SoftLabelsOptions = {
  /** Regions count where the teacher's box overlaps a ground truth by more than this. */
  readonly minIou?: number;
  readonly usePredictedBoxes?: boolean;
  readonly classWeight?: number;
  readonly qualityWeight?: number;
  readonly boxWeight?: number;
  /** Exponent of the focal factor of the divergence. */
  readonly gamma?: number;
  readonly form?: SoftForm;
  /** `drop`: these losses are all there is (soft-label KD); `keep`: beside the student's own (SoLAD). */
  readonly base?: "keep" | "drop";
};

/**
 * Soft labels (arXiv 2108.10520 §3.3): the student imitates its teacher's class and quality probabilities by a focal KL divergence and its
 * boxes by 1 − GIoU. With S = Σ best IoU of the kept regions: `loss_kd_cls` over all anchors and classes / S, `loss_kd_centerness` over the
 * kept regions / S, `loss_kd_bbox` weighed by IoU / S; all 0 where nothing is kept. Follows ccdet's PAA_KD_Head; heads may differ.
 */
export function softLabels<Features, Out, Own>(
  student: Labelled<Own>,
  teacher: Detector<Features, Out> & Labelled<Out>,
  {
    minIou = 0.1,
    usePredictedBoxes = true,
    classWeight = 10,
    qualityWeight = 10,
    boxWeight = 1.3,
    gamma = 0.5,
    form = "kl",
    base = "keep",
  }: SoftLabelsOptions = {},
): Term<unknown, Own, KeptRegions> {
  return {
    name: "soft-labels",
    teachers: [teacher],
    base,
    prepare: ({ of, batch }) => keptRegions(teacher, of(teacher).out, batch, { minIou, usePredictedBoxes }),
    metrics: ({ rows, total }) => ({ kd_num: rows.length, kd_avg_factor: total }),
    loss: (context: TermContext<unknown, Own>, _, kept): Losses =>
      tf.tidy(() => {
        const scaled = (sum: tf.Tensor, weight: number) =>
          tf.mul(sum, kept.total > 0 ? weight / kept.total : 0) as tf.Scalar;
        const own = { detector: student, out: context.student.out };
        const taught = { detector: teacher, out: context.of(teacher).out };
        const { classes, boxes, quality } = softLabelSums(own, taught, kept, context.batch.sizes, { form, gamma });
        return {
          loss_kd_cls: scaled(classes, classWeight),
          loss_kd_bbox: scaled(boxes, boxWeight),
          ...(quality && { loss_kd_centerness: scaled(quality, qualityWeight) }),
        };
      }),
  };
}
