import type { Size } from "@lad/core";
import type { PaaLevel } from "@lad/heads";
import { flattenLevels } from "@lad/nn";
import type * as tf from "@tensorflow/tfjs-core";

/** Everything the PAA head says of a batch: per level, and flattened over levels (A anchors an image). */
export type PaaOut = {
  readonly levels: readonly PaaLevel[];
  readonly featureSizes: readonly Size[];
  /** `[B, A, C]` */
  readonly classLogits: tf.Tensor3D;
  /** `[B, A, 4]` */
  readonly deltas: tf.Tensor3D;
  /** `[B, A, 1]` */
  readonly iouLogits: tf.Tensor3D;
};

export function paaOut(levels: readonly PaaLevel[], classes: number): PaaOut {
  const flat = (maps: readonly tf.Tensor4D[], channels: number) => flattenLevels(maps, channels);
  return {
    levels,
    featureSizes: levels.map(({ classes: { shape } }) => ({ height: shape[1], width: shape[2] })),
    classLogits: flat(
      levels.map((level) => level.classes),
      classes,
    ),
    deltas: flat(
      levels.map((level) => level.boxes),
      4,
    ),
    iouLogits: flat(
      levels.map((level) => level.iou),
      1,
    ),
  };
}
