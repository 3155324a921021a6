import type { NdArray, Size } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";
import type { GridAnchors } from "./dense-grid";

/** Boxes of some anchors and what they are to be, `[P, 4]` xyxy in one unit. */
export type AlignedBoxes = { readonly predicted: tf.Tensor2D; readonly wanted: tf.Tensor2D };

/** How a dense head's numbers tell boxes; made by `deltaCoding` and `distributionCoding`. */
export type BoxCoding = {
  /** Numbers an anchor. */
  readonly numbers: number;
  /**
   * With gradient, for losses.
   * @param outputs `[P, numbers]` at rows of the flattened batch. @param rows `[P]` image · A + anchor. @param boxes `[B·A·4]` an assignment's, px.
   */
  align(outputs: tf.Tensor2D, rows: Int32Array, boxes: Float32Array, grid: GridAnchors): AlignedBoxes;
  /** With gradient, px: all boxes of one image. @param outputs `[A, numbers]` @returns `[A, 4]`. */
  decode(outputs: tf.Tensor2D, grid: GridAnchors): tf.Tensor2D;
  /** On the host, px. @param outputs `[N, numbers]` at these anchors of an image. @returns `[N, 4]` clipped to the image. */
  decodeHost(outputs: NdArray, anchors: Int32Array, grid: GridAnchors, clip: Size): NdArray;
};
