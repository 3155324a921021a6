import { giouLoss } from "@lad/losses";
import type { HasBoxes, HasClasses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KeptRegions } from "./kept-regions";
import { joinedLevels, rowsOf } from "./level-rows";
import { type SoftForm, softDistance } from "./soft-distance";

/** What soft labels are made of and compared with. */
export type Labelled<Out> = HasClasses<Out> & HasBoxes<Out>;
/** A detector with its outputs of a batch. */
export type Shown<Out> = { readonly detector: Labelled<Out>; readonly out: Out };
type Sizes = Parameters<HasBoxes<unknown>["boxes"]>[1];
export type SoftLabelForm = { readonly form: SoftForm; readonly gamma: number };

/**
 * How far a student is from its teacher: distances of class probabilities over all anchors and classes, 1 − GIoU of the kept regions weighed by
 * their IoU, and distances of the qualities of the kept regions where both give one. Sums, without gradient to the teacher.
 */
export function softLabelSums<Own, Out>(
  student: Shown<Own>,
  teacher: Shown<Out>,
  kept: KeptRegions,
  sizes: Sizes,
  form: SoftLabelForm,
): { readonly classes: tf.Tensor; readonly boxes: tf.Tensor; readonly quality: tf.Tensor | undefined } {
  const [own, taught] = [student.detector, teacher.detector];
  const labels = joinedLevels(taught.classes(teacher.out));
  const boxes = giouLoss(
    rowsOf(own.boxes(student.out, sizes), kept.rows),
    rowsOf(taught.boxes(teacher.out, sizes), kept.rows),
  );
  return {
    classes: softDistance(
      joinedLevels(own.classes(student.out)),
      taught.classForm === "logits" ? tf.sigmoid(labels) : labels,
      { output: own.classForm, ...form },
    ),
    boxes: tf.sum(tf.mul(boxes, tf.tensor1d(kept.weights))),
    quality:
      own.quality &&
      taught.quality &&
      softDistance(
        rowsOf(own.quality(student.out), kept.rows),
        tf.sigmoid(rowsOf(taught.quality(teacher.out), kept.rows)),
        {
          output: "logits",
          ...form,
        },
      ),
  };
}
