import { LadError, type Size } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { clipBoxes } from "./clip-boxes";

export type DecodeBoxesOptions = {
  /** Added to the scaled deltas dx, dy, dw, dh. */
  readonly means: readonly number[];
  /** Factors of the deltas dx, dy, dw, dh. */
  readonly stds: readonly number[];
  /** dw and dh are clamped to `±|ln ratioClip|`; the gradient beyond is 0. */
  readonly ratioClip?: number;
  /** Clips x to `[0, width]` and y to `[0, height]`, px. */
  readonly clip?: Size;
};

/**
 * Boxes from anchors and deltas: `dx·w + cx, dy·h + cy, w·exp(dw), h·exp(dh)` of the anchor's centre and size, with deltas `δ·std + mean`; dx and dy
 * are not clamped. Follows mmdet 2.10 `DeltaXYWHBBoxCoder.decode`. Differentiable in both.
 * @param anchors `[N, 4]` xyxy px.
 * @param deltas `[N, 4]`. N may be 0.
 * @returns `[N, 4]` xyxy px.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT unless there are 4 means and stds.
 */
export function decodeBoxes(
  anchors: tf.Tensor2D,
  deltas: tf.Tensor2D,
  { means, stds, ratioClip = 16 / 1000, clip }: DecodeBoxesOptions,
): tf.Tensor2D {
  if (anchors.shape[1] !== 4 || anchors.rank !== 2 || `${anchors.shape}` !== `${deltas.shape}`) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `decodeBoxes: anchors [${anchors.shape}] and deltas [${deltas.shape}] must both be [N, 4]`,
    );
  }
  if (means.length !== 4 || stds.length !== 4)
    throw new LadError("INVALID_ARGUMENT", `decodeBoxes: 4 means and stds are wanted, got [${means}] and [${stds}]`);
  const limit = Math.abs(Math.log(ratioClip));
  return tf.tidy(() => {
    const scaled = tf.add<tf.Tensor2D>(tf.mul(deltas, tf.tensor1d([...stds])), tf.tensor1d([...means]));
    const [leftTop, rightBottom] = halves(anchors);
    const sizes = tf.sub<tf.Tensor2D>(rightBottom, leftTop); // [N, 2]
    const [shifts, logarithms] = halves(scaled);
    const centres = tf.add(tf.mul(tf.add(leftTop, rightBottom), 0.5), tf.mul(sizes, shifts));
    const reach = tf.mul(tf.mul(sizes, tf.exp(tf.clipByValue(logarithms, -limit, limit))), 0.5);
    const boxes = tf.concat([tf.sub<tf.Tensor2D>(centres, reach), tf.add<tf.Tensor2D>(centres, reach)], 1);
    return clip ? clipBoxes(boxes, clip) : boxes;
  });
}

function halves(rows: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  return [tf.slice(rows, [0, 0], [-1, 2]), tf.slice(rows, [0, 2], [-1, 2])];
}
