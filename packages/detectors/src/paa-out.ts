import type { Size } from "@lad/core";
import type { DenseLevel } from "@lad/heads";
import { flattenLevels } from "@lad/nn";
import type * as tf from "@tensorflow/tfjs-core";

/** Everything the PAA head says of a batch: per level, and flattened over levels (A anchors an image). */
export type PaaOut = {
  readonly levels: readonly DenseLevel[];
  readonly featureSizes: readonly Size[];
  /** Logits or probabilities `[B, A, C]`, as the head gives them. */
  readonly classes: tf.Tensor3D;
  /** `[B, A, 4]` */
  readonly deltas: tf.Tensor3D;
  /** `[B, A, 1]`, if the head predicts the IoU. */
  readonly iouLogits?: tf.Tensor3D;
};

export function paaOut(levels: readonly DenseLevel[], classes: number): PaaOut {
  const iou = levels.flatMap((level) => level.quality ?? []);
  return {
    levels,
    featureSizes: levels.map(({ classes: { shape } }) => ({ height: shape[1], width: shape[2] })),
    classes: flattenLevels(
      levels.map((level) => level.classes),
      classes,
    ),
    deltas: flattenLevels(
      levels.map((level) => level.boxes),
      4,
    ),
    ...(iou.length > 0 && { iouLogits: flattenLevels(iou, 1) }),
  };
}
