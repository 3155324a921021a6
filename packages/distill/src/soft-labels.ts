import { giouLoss } from "@lad/losses";
import type { Detector, HasBoxes, HasClasses, Losses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KeptRegions, keptRegions } from "./kept-regions";
import { joinedLevels as joined, rowsOf } from "./level-rows";
import { type SoftForm, softDistance } from "./soft-distance";

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

type Labelled<Out> = HasClasses<Out> & HasBoxes<Out>;

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
  const distance = (own: tf.Tensor, taught: tf.Tensor, output: "logits" | "probabilities") =>
    softDistance(own, taught, { output, form, gamma });
  return {
    name: "soft-labels",
    teachers: [teacher],
    base,
    prepare: ({ of, batch }) => keptRegions(teacher, of(teacher).out, batch, { minIou, usePredictedBoxes }),
    metrics: ({ rows, total }) => ({ kd_num: rows.length, kd_avg_factor: total }),
    loss(context: TermContext<unknown, Own>, _, kept): Losses {
      const [own, taught] = [context.student.out, context.of(teacher).out];
      const scaled = (loss: tf.Tensor, weight: number) =>
        tf.mul(loss, kept.total > 0 ? weight / kept.total : 0) as tf.Scalar;
      return tf.tidy(() => {
        const probabilities =
          teacher.classForm === "logits"
            ? tf.sigmoid(joined(teacher.classes(taught)))
            : joined(teacher.classes(taught));
        const classes = distance(joined(student.classes(own)), probabilities, student.classForm);
        const { sizes } = context.batch;
        const boxes = giouLoss(
          rowsOf(student.boxes(own, sizes), kept.rows),
          rowsOf(teacher.boxes(taught, sizes), kept.rows),
        );
        const quality =
          student.quality &&
          teacher.quality &&
          distance(
            rowsOf(student.quality(own), kept.rows),
            tf.sigmoid(rowsOf(teacher.quality(taught), kept.rows)),
            "logits",
          );
        return {
          loss_kd_cls: scaled(classes, classWeight),
          loss_kd_bbox: scaled(tf.sum(tf.mul(boxes, tf.tensor1d(kept.weights))), boxWeight),
          ...(quality && { loss_kd_centerness: scaled(quality, qualityWeight) }),
        };
      });
    },
  };
}
