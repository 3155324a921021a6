import type { DeltaCoder } from "@lad/boxes";
import type { ImageSizes } from "@lad/core";
import { decodeBoxes } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import type { GridAnchors } from "./dense-grid";

export type DecodedLevelsOptions = GridAnchors & {
  readonly coder: DeltaCoder;
  /** Clip image i's boxes to its size. */
  readonly clip?: readonly ImageSizes[];
};

/** Decodes all boxes `[B, A, 4]` with gradient and splits them by level: per level `[B, H·W·A, 4]` xyxy px. */
export function decodedLevels(
  deltas: tf.Tensor3D,
  { anchors, levelSizes, coder, clip }: DecodedLevelsOptions,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const count = anchors.shape[0]!;
    const anchorTensor = tf.tensor2d(anchors.data as Float32Array, [count, 4]);
    const boxes = tf.unstack(deltas).map((image, index) =>
      decodeBoxes(anchorTensor, image as tf.Tensor2D, {
        ...coder,
        ...(clip && { clip: clip[index]!.image }),
      }),
    );
    return tf.split(tf.stack(boxes) as tf.Tensor3D, [...levelSizes], 1);
  });
}
