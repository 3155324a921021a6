import { areaAt, countBoxes, intersectionAt } from "@lad/boxes";
import { type NdArray, ndArray } from "@lad/core";
import { centerDistanceAt, clusterEps } from "./center-distance";

export type ClusterOverlapOptions = {
  /** Exponent of the distance penalty (squared centre distance / squared hull diagonal); without it there is no penalty. */
  readonly beta?: number;
};

const { fround } = Math;

/**
 * The overlap Cluster-DIoU-NMS ranks by: intersection / (union + 1e-7) - (rho^2 / (c^2 + 1e-7))^beta, or the plain quotient without `beta`.
 * Not `pairwiseIou`: there eps is a floor, here it is added.
 * @param a [N, 4] xyxy, px. @param b [M, 4] xyxy, px. N and M may be 0.
 * @returns [N, M]
 * @throws {LadError} SHAPE_MISMATCH if an argument is not [·, 4].
 * Numerics follow the LD fork of mmdet 2.10 (beta 0.8 in its voting NMS).
 */
export function clusterOverlaps(a: NdArray, b: NdArray, { beta }: ClusterOverlapOptions = {}): NdArray {
  const rows = countBoxes(a, "clusterOverlaps", "a");
  const columns = countBoxes(b, "clusterOverlaps", "b");
  const out = new Float32Array(rows * columns);
  for (let row = 0, at = 0; row < rows * 4; row += 4) {
    for (let column = 0; column < columns * 4; column += 4) {
      const intersection = intersectionAt(a.data, row, b.data, column);
      const union = fround(fround(areaAt(a.data, row) + areaAt(b.data, column)) - intersection);
      const overlap = fround(intersection / fround(union + clusterEps));
      out[at++] =
        beta === undefined ? overlap : overlap - fround(centerDistanceAt(a.data, row, b.data, column) ** beta);
    }
  }
  return ndArray(out, [rows, columns]);
}
