import { clampMin, maximum, minimum } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";

export type AlignedOverlap = {
  /** `[N]` px², not floored. */
  readonly intersection: tf.Tensor1D;
  /** `[N]` px², at least eps. */
  readonly union: tf.Tensor1D;
  /** `[N]`. */
  readonly iou: tf.Tensor1D;
  /** Corners of the two boxes, `[N, 2]`. */
  readonly corners: readonly [a1: tf.Tensor2D, a2: tf.Tensor2D, b1: tf.Tensor2D, b2: tf.Tensor2D];
};

/** Overlap of row-aligned boxes `[N, 4]` xyxy px, differentiable with torch's gradients at ties. */
export function alignedOverlap(a: tf.Tensor2D, b: tf.Tensor2D, eps: number): AlignedOverlap {
  const [a1, a2] = splitCorners(a);
  const [b1, b2] = splitCorners(b);
  const inner = clampMin(tf.sub<tf.Tensor2D>(minimum(a2, b2), maximum(a1, b1)), 0);
  const intersection = area(inner);
  const areas = tf.add(area(tf.sub(a2, a1)), area(tf.sub(b2, b1)));
  const union = maximum<tf.Tensor1D>(tf.sub(areas, intersection), tf.scalar(eps));
  return { intersection, union, iou: tf.div(intersection, union), corners: [a1, a2, b1, b2] };
}

/** Width and height of the smallest box around both, `[N, 2]`. */
export function hullSize({ corners: [a1, a2, b1, b2] }: AlignedOverlap): tf.Tensor2D {
  return clampMin(tf.sub<tf.Tensor2D>(maximum(a2, b2), minimum(a1, b1)), 0);
}

/** Product of the two columns, `[N]`. */
export function area(size: tf.Tensor2D): tf.Tensor1D {
  const rows = size.shape[0];
  const [width, height] = [tf.slice(size, [0, 0], [rows, 1]), tf.slice(size, [0, 1], [rows, 1])];
  return tf.reshape(tf.mul(width, height), [rows]);
}

function splitCorners(boxes: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const rows = boxes.shape[0];
  return [tf.slice(boxes, [0, 0], [rows, 2]), tf.slice(boxes, [0, 2], [rows, 2])];
}
