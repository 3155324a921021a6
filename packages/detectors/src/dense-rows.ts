import type { DeltaCoder } from "@lad/boxes";
import { type Assignment, LadError, type NdArray } from "@lad/core";
import { decodeBoxes, gatherRows } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";

/** Rows `[P, K]` of a flattened output `[B, A, K]`; row index = image · A + anchor. */
export function outputRows(output: tf.Tensor3D, rows: Int32Array): tf.Tensor2D {
  return gatherRows(flatRows(output), rows);
}

/** All rows `[B·A, K]` of a flattened output. */
export function flatRows(output: tf.Tensor3D): tf.Tensor2D {
  const [batch, anchors, channels] = output.shape;
  return tf.reshape(output, [batch * anchors, channels]);
}

/** Rows of an array of boxes `[N·4]`, copied. */
export function boxesAt(boxes: ArrayLike<number>, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length * 4);
  for (let row = 0; row < rows.length; row++) {
    const start = rows[row]! * 4;
    for (let side = 0; side < 4; side++) values[row * 4 + side] = boxes[start + side]!;
  }
  return values;
}

/** The anchors of rows of the flattened batch, `[P, 4]`. */
export function anchorRows(anchors: NdArray, rows: Int32Array): tf.Tensor2D {
  const count = anchors.shape[0]!;
  return tf.tensor2d(
    boxesAt(
      anchors.data,
      rows.map((row) => row % count),
    ),
    [rows.length, 4],
  );
}

/** Boxes `[P, 4]` xyxy px decoded at rows of the flattened batch, not clipped. */
export function decodedRows(
  deltas: tf.Tensor3D,
  rows: Int32Array,
  anchors: tf.Tensor2D,
  coder: DeltaCoder,
): tf.Tensor2D {
  return decodeBoxes(anchors, outputRows(deltas, rows), coder);
}

/** Rows whose label is a class. */
export function positiveRows(labels: Int32Array, classes: number): Int32Array {
  const rows: number[] = [];
  labels.forEach((label, row) => {
    if (label < classes) rows.push(row);
  });
  return Int32Array.from(rows);
}

/**
 * An assignment belongs to one grid; a teacher's must be the student's.
 * @throws {LadError} SHAPE_MISMATCH, naming `where`.
 */
export function checkGrid({ labels }: Assignment, { shape: [batch, anchors] }: tf.Tensor3D, where: string): void {
  if (labels.length === batch * anchors) return;
  throw new LadError(
    "SHAPE_MISMATCH",
    `${where}: the assignment labels ${labels.length} anchors, the outputs have ${batch} · ${anchors}; teacher and student must share strides and anchors per cell`,
  );
}

/** Zero, but connected: weights of a branch without a positive still receive a gradient (of 0) and so decay and momentum, as in the reference. */
export function connectedZero(output: tf.Tensor): tf.Scalar {
  return tf.mul(tf.sum(output), 0) as tf.Scalar;
}
