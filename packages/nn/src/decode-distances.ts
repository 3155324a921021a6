import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Boxes around points: `(x − left, y − top, x + right, y + bottom)`. Differentiable in both. Follows mmdet 2.10 `distance2bbox`, not clipped.
 * @param points `[N, 2]` (x, y), in any unit. @param distances `[N, 4]` (left, top, right, bottom) in the same unit. N may be 0.
 * @returns `[N, 4]` xyxy.
 * @throws {LadError} SHAPE_MISMATCH unless points are `[N, 2]` and distances `[N, 4]`.
 */
export function decodeDistances(points: tf.Tensor2D, distances: tf.Tensor2D): tf.Tensor2D {
  const fits = points.rank === 2 && points.shape[1] === 2 && `${distances.shape}` === `${[points.shape[0], 4]}`;
  if (!fits) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `decodeDistances: points [${points.shape}] and distances [${distances.shape}] must be [N, 2] and [N, 4]`,
    );
  }
  return tf.tidy(() => {
    const leftTop = tf.slice(distances, [0, 0], [-1, 2]);
    const rightBottom = tf.slice(distances, [0, 2], [-1, 2]);
    return tf.concat([tf.sub<tf.Tensor2D>(points, leftTop), tf.add<tf.Tensor2D>(points, rightBottom)], 1);
  });
}
