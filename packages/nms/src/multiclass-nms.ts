import { type Detections, LadError, type NdArray } from "@lad/core";
import { type Candidates, gatherBoxes, selectCandidates } from "./candidates";
import { classwiseNms } from "./hard-nms";

export type MulticlassNmsOptions = {
  /** A (box, class) pair takes part if its score is strictly greater. */
  readonly scoreThreshold?: number;
  /** Strict, in [0, 1]. */
  readonly iouThreshold?: number;
  /** Most detections of an image; Infinity for all. */
  readonly perImage?: number;
};

export type MulticlassNms = {
  /** In descending score over all classes. */
  readonly detections: Detections;
  /** All pairs above the score threshold: what score voting averages over. */
  readonly candidates: Candidates;
  /** Index of each detection among the candidates. */
  readonly kept: Int32Array;
};

/**
 * Detections of one image: every (box, class) pair above the score threshold is a candidate, candidates of a class suppress each other,
 * the best `perImage` of all classes stay.
 * @param boxes [N, 4] xyxy, px. @param scores [N, C], no background column. N may be 0.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows mmdet 2.10 `multiclass_nms`, with classes kept apart exactly.
 */
export function multiclassNms(
  boxes: NdArray,
  scores: NdArray,
  { scoreThreshold = 0.05, iouThreshold = 0.6, perImage = 100 }: MulticlassNmsOptions = {},
): MulticlassNms {
  if (!(perImage > 0)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `multiclassNms: perImage must be positive (Infinity for all), got ${perImage}`,
    );
  }
  const candidates = selectCandidates(boxes, scores, scoreThreshold);
  const kept = classwiseNms(candidates.boxes, candidates.scores, candidates.labels, { iouThreshold, limit: perImage });
  return { detections: gatherDetections(candidates, kept), candidates, kept };
}

/** Rows `indices` of `detections`, copied. */
export function gatherDetections(detections: Detections, indices: Int32Array): Detections {
  return {
    boxes: gatherBoxes(detections.boxes, indices),
    scores: Float32Array.from(indices, (index) => detections.scores[index]!),
    labels: indices.map((index) => detections.labels[index]!),
  };
}
