import { decodeDistances, encodeDistances } from "@lad/boxes";
import { type NdArray, ndArray, type Size } from "@lad/core";
import { decodeDistances as decodeOnDevice, softmaxExpectation } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import type { BoxCoding } from "./box-coding";
import type { GridAnchors } from "./dense-grid";
import { boxesAt } from "./dense-rows";

const { fround } = Math;

/**
 * Boxes told by a distribution of each side's distance from the anchor's centre, over 0, 1, … bins − 1 strides of the anchor's level: the distance is
 * the expectation (arXiv 2006.04388 §3.2). Losses see boxes in strides, as in mmdet 2.10.
 */
export function distributionCoding(binCount: number): BoxCoding {
  return {
    numbers: 4 * binCount,
    align(outputs, rows, boxes, grid) {
      const { points, boxes: wanted } = inStrides(rows, boxes, grid);
      const centres = tf.tensor2d(points.data, [rows.length, 2]);
      return {
        predicted: decodeOnDevice(centres, expectedDistances(outputs, binCount)),
        wanted: tf.tensor2d(wanted.data, [rows.length, 4]),
      };
    },
    decode(outputs, grid) {
      const all = Int32Array.from(grid.strides, (_, anchor) => anchor);
      const distances = tf.mul<tf.Tensor2D>(
        expectedDistances(outputs, binCount),
        tf.tensor2d(grid.strides, [all.length, 1]),
      );
      return decodeOnDevice(tf.tensor2d(centresAt(all, grid), [all.length, 2]), distances);
    },
    decodeHost: (outputs, chosen, grid, clip) => decodeHost(outputs, chosen, { ...grid, binCount, clip }),
  };
}

/** Means of the distributions, in strides: `[N, 4·bins]` to `[N, 4]`. */
function expectedDistances(outputs: tf.Tensor2D, binCount: number): tf.Tensor2D {
  const rows = outputs.shape[0];
  return tf.reshape(softmaxExpectation(tf.reshape(outputs, [rows * 4, binCount])), [rows, 4]);
}

function decodeHost(
  { data }: NdArray,
  anchors: Int32Array,
  { binCount, clip, ...grid }: GridAnchors & { readonly binCount: number; readonly clip: Size },
): NdArray {
  const distances = new Float32Array(anchors.length * 4);
  for (let side = 0; side < distances.length; side++) {
    distances[side] = expectation(data, side * binCount, binCount) * grid.strides[anchors[side >> 2]!]!;
  }
  const points = ndArray(centresAt(anchors, grid), [anchors.length, 2]);
  return decodeDistances(points, ndArray(distances, [anchors.length, 4]), clip);
}

/** Mean of softmax(logits[start..start + bins - 1]). */
function expectation(logits: Float32Array, start: number, bins: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) largest = Math.max(largest, logits[start + bin]!);
  let [total, sum] = [0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const part = Math.exp(logits[start + bin]! - largest);
    total += part;
    sum += part * bin;
  }
  return fround(sum / total);
}

/** Centres of anchors, px, `[N·2]`. */
function centresAt(rows: Int32Array, { anchors: { data, shape } }: GridAnchors): Float32Array {
  const centres = new Float32Array(rows.length * 2);
  rows.forEach((row, index) => {
    const at = (row % shape[0]!) * 4;
    for (let axis = 0; axis < 2; axis++)
      centres[index * 2 + axis] = fround(data[at + axis]! + data[at + axis + 2]!) / 2;
  });
  return centres;
}

/** Centres of anchors and boxes of an assignment at rows of the flattened batch, in strides of the anchors' levels: `[P, 2]`, `[P, 4]`. */
export function inStrides(
  rows: Int32Array,
  boxes: Float32Array,
  grid: GridAnchors,
): { readonly points: NdArray; readonly boxes: NdArray } {
  const stride = (row: number) => grid.strides[row % grid.strides.length]!;
  return {
    points: ndArray(
      centresAt(rows, grid).map((value, at) => value / stride(rows[at >> 1]!)),
      [rows.length, 2],
    ),
    boxes: ndArray(
      boxesAt(boxes, rows).map((value, at) => value / stride(rows[at >> 2]!)),
      [rows.length, 4],
    ),
  };
}

/** Distances of anchors' centres to the sides of their boxes, px: `[P·4]`. @param boxes `[P·4]`. */
export function centreDistances(rows: Int32Array, boxes: Float32Array, grid: GridAnchors): Float32Array {
  const points = ndArray(centresAt(rows, grid), [rows.length, 2]);
  return encodeDistances(points, ndArray(boxes, [rows.length, 4])).data;
}

/** What the distributions are to tell, `[P·4]` strides, held below the last bin by 0.1 as in mmdet 2.10. */
export function distanceTargets(
  rows: Int32Array,
  boxes: Float32Array,
  grid: GridAnchors,
  binCount: number,
): Float32Array {
  const scaled = inStrides(rows, boxes, grid);
  return encodeDistances(scaled.points, scaled.boxes, binCount - 1 - 0.1).data;
}
