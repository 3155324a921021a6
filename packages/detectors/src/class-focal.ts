import { type FocalLossOptions, probabilityFocalLoss, sigmoidFocalLoss } from "@lad/losses";
import type * as tf from "@tensorflow/tfjs-core";

/** The focal loss that fits what the head gives: logits or probabilities, rows `[N, C]`. */
export function classFocal(
  form: "logits" | "probabilities",
  rows: tf.Tensor2D,
  labels: Int32Array,
  options: FocalLossOptions,
): tf.Tensor {
  return form === "logits" ? sigmoidFocalLoss(rows, labels, options) : probabilityFocalLoss(rows, labels, options);
}
