import type { NdArray } from "@lad/core";
import { centerDistanceAt } from "./center-distance";
import { checkInput, checkRange } from "./check-input";
import type { Penalty } from "./kept-grid";
import { shiftByClass } from "./shift-by-class";
import { type NmsOptions, suppress } from "./suppress";

export type ClusterDiouOptions = {
  /** Exponent of the distance penalty (squared centre distance / squared hull diagonal). */
  readonly beta?: number;
  /**
   * px. Keeps classes apart as the reference does, by moving boxes by label · classOffset (it uses 4000), with all it does to
   * coordinates: they are rounded, and classes mix in images that are larger. Default: classes are kept apart exactly.
   */
  readonly classOffset?: number;
};

const { fround } = Math;

/**
 * Cluster-DIoU-NMS: greedy suppression inside each class by IoU - (rho² / (c² + 1e-7))^beta, rho = distance of the centres, c = diagonal of
 * the hull, so that boxes whose centres lie apart survive. Boxes without area are dropped (the reference gives them NaN coordinates).
 * @param boxes [N, 4] xyxy, px. @param scores [N]. @param labels [N], non-negative, small. N may be 0.
 * @returns indices of the kept boxes of all classes in descending score; equal scores by lower index.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * The fixed point that arXiv:2005.03572 §3.4 iterates to is the greedy one. Numerics follow `voting_cluster_diounms` of the LD repository
 * (arXiv:2102.12252).
 */
export function clusterDiouNms(
  boxes: NdArray,
  scores: Float32Array,
  labels: Int32Array,
  options: NmsOptions & ClusterDiouOptions = {},
): Int32Array {
  const { iouThreshold = 0.6, limit = Number.POSITIVE_INFINITY, beta = 0.8, classOffset } = options;
  checkInput("clusterDiouNms", { boxes, scores, labels });
  const input =
    classOffset === undefined ? { boxes, scores, labels } : { boxes: shiftByClass(boxes, labels, classOffset), scores };
  return suppress("clusterDiouNms", input, {
    iouThreshold,
    limit,
    penalty: distancePenalty("clusterDiouNms", beta),
    dropEmpty: true,
  });
}

/** (rho² / (c² + 1e-7))^beta of two boxes. @throws {LadError} INVALID_ARGUMENT */
export function distancePenalty(where: string, beta: number): Penalty {
  checkRange(where, "beta", beta, 0);
  return (a, i, b, j) => fround(centerDistanceAt(a, i, b, j) ** beta);
}
