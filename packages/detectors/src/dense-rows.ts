import type { DeltaCoder } from "@lad/boxes";
import type { NdArray } from "@lad/core";
import { decodeBoxes, gatherRows } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";

/** Rows `[P, K]` of a flattened output `[B, A, K]`; row index = image · A + anchor. */
export function outputRows(output: tf.Tensor3D, rows: Int32Array): tf.Tensor2D {
  const [batch, anchors, channels] = output.shape;
  return gatherRows(tf.reshape(output, [batch * anchors, channels]), rows);
}

/** The anchors of rows of the flattened batch, `[P, 4]`. */
export function anchorRows(anchors: NdArray, rows: Int32Array): tf.Tensor2D {
  const count = anchors.shape[0]!;
  const values = new Float32Array(rows.length * 4);
  rows.forEach((row, index) => {
    const start = (row % count) * 4;
    values.set(anchors.data.subarray(start, start + 4), index * 4);
  });
  return tf.tensor2d(values, [rows.length, 4]);
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
