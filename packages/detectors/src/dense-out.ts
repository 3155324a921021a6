import type { Size } from "@lad/core";
import type { DenseLevel } from "@lad/heads";
import { flattenLevels } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";

/** Everything a dense head says of a batch: per level, and flattened over levels (A anchors an image). */
export type DenseOut = {
  readonly levels: readonly DenseLevel[];
  readonly featureSizes: readonly Size[];
  /** Logits or probabilities `[B, A, C]`, as the head gives them. */
  readonly classes: tf.Tensor3D;
  /** What boxes are told by, `[B, A, K]`: 4 deltas, or 4·bins logits of distributions. */
  readonly boxes: tf.Tensor3D;
  /** Logit of the IoU or of the centre-ness `[B, A, 1]`, if the head predicts one. */
  readonly quality?: tf.Tensor3D;
};

/**
 * Joins a head's levels.
 * @param anchorsPerCell anchors of a cell. @param numbers K, per anchor.
 */
export function denseOut(levels: readonly DenseLevel[], anchorsPerCell: number, numbers: number): DenseOut {
  const quality = levels.flatMap((level) => level.quality ?? []);
  const channels = levels[0]!.classes.shape[3] / anchorsPerCell;
  const joined = (maps: readonly tf.Tensor4D[], values: number) => flattenLevels(maps, values);
  return {
    levels,
    featureSizes: levels.map(({ classes: { shape } }) => ({ height: shape[1], width: shape[2] })),
    classes: joined(
      levels.map((level) => level.classes),
      channels,
    ),
    boxes: joined(
      levels.map((level) => level.boxes),
      numbers,
    ),
    ...(quality.length > 0 && { quality: joined(quality, 1) }),
  };
}

/** One map as rows `[B, H·W·A, channels]`. */
export function levelRows(map: tf.Tensor4D, channels: number): tf.Tensor3D {
  return tf.reshape(map, [map.shape[0], -1, channels]) as tf.Tensor3D;
}
