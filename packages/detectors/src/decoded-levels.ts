import type { ImageSizes } from "@lad/core";
import { clipBoxes } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import type { BoxCoding } from "./box-coding";
import type { GridAnchors } from "./dense-grid";

export type DecodedLevelsOptions = {
  readonly coding: BoxCoding;
  readonly grid: GridAnchors;
  /** Clip image i's boxes to its size. */
  readonly clip?: readonly ImageSizes[] | undefined;
};

/** Decodes all boxes `[B, A, K]` with gradient and splits them by level: per level `[B, H·W·A, 4]` xyxy px. */
export function decodedLevels(outputs: tf.Tensor3D, { coding, grid, clip }: DecodedLevelsOptions): tf.Tensor3D[] {
  return tf.tidy(() => {
    const boxes = tf.unstack(outputs).map((image, index) => {
      const decoded = coding.decode(image as tf.Tensor2D, grid);
      return clip ? clipBoxes(decoded, clip[index]!.image) : decoded;
    });
    return tf.split(tf.stack(boxes) as tf.Tensor3D, [...grid.levelSizes], 1);
  });
}
