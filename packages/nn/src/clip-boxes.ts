import type { Size } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/** Boxes `[N, 4]` xyxy px clipped to `[0, width]` × `[0, height]`; no gradient beyond the border. */
export function clipBoxes(boxes: tf.Tensor2D, { height, width }: Size): tf.Tensor2D {
  return tf.tidy(() => {
    const sides = [width, height, width, height].map((limit, side) =>
      tf.clipByValue(tf.slice(boxes, [0, side], [-1, 1]), 0, limit),
    );
    return tf.concat(sides, 1);
  });
}
