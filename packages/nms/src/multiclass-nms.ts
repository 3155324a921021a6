import { countBoxes } from "@lad/boxes";
import { type Detections, LadError, type NdArray, ndArray } from "@lad/core";
import { bestBoxes } from "./best-boxes";
import { type Candidates, selectCandidates } from "./candidates";
import { gatherBoxes, gatherDetections } from "./gather-detections";
import { classwiseNms } from "./hard-nms";
import type { SoftNms } from "./soft-nms";

/** A kind of suppression: `classwiseNms`, `fastNms`, `clusterDiouNms`, or a function around `softNms`. */
export type Suppress = (
  boxes: NdArray,
  scores: Float32Array,
  labels: Int32Array,
  options: { readonly iouThreshold: number; readonly limit: number },
) => Int32Array | SoftNms;

export type MulticlassNmsOptions = {
  /** A (box, class) pair takes part if its score is strictly greater. */
  readonly scoreThreshold?: number;
  /** Strict, in [0, 1]. */
  readonly iouThreshold?: number;
  /** Most boxes that take part, by their best class score; Infinity (default) for all. */
  readonly topk?: number;
  /** Most detections of an image; Infinity for all. */
  readonly perImage?: number;
  /** Default `classwiseNms`. */
  readonly suppress?: Suppress;
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
export function multiclassNms(boxes: NdArray, scores: NdArray, options: MulticlassNmsOptions = {}): MulticlassNms {
  const { scoreThreshold = 0.05, iouThreshold = 0.6, perImage = 100, suppress = classwiseNms } = options;
  const { topk = Number.POSITIVE_INFINITY } = options;
  checkPositive("perImage", perImage);
  checkPositive("topk", topk);
  const candidates = topCandidates(boxes, scores, topk, scoreThreshold);
  const left = suppress(candidates.boxes, candidates.scores, candidates.labels, { iouThreshold, limit: perImage });
  if (left instanceof Int32Array) return { detections: gatherDetections(candidates, left), candidates, kept: left };
  const detections = { ...gatherDetections(candidates, left.kept), scores: left.scores };
  return { detections, candidates, kept: left.kept };
}

function checkPositive(name: string, value: number): void {
  if (value > 0) return;
  throw new LadError("INVALID_ARGUMENT", `multiclassNms: ${name} must be positive (Infinity for all), got ${value}`);
}

/** Candidates of the `topk` best boxes; their sources are rows of all boxes. */
function topCandidates(boxes: NdArray, scores: NdArray, topk: number, scoreThreshold: number): Candidates {
  if (topk >= countBoxes(boxes, "multiclassNms") || scores.shape[0] !== boxes.shape[0]) {
    return selectCandidates(boxes, scores, scoreThreshold); // which checks the shapes
  }
  const rows = bestBoxes(scores, topk);
  const classes = scores.shape[1]!;
  const picked = new Float32Array(rows.length * classes);
  rows.forEach((row, index) => {
    picked.set(scores.data.subarray(row * classes, (row + 1) * classes), index * classes);
  });
  const candidates = selectCandidates(
    gatherBoxes(boxes, rows),
    ndArray(picked, [rows.length, classes]),
    scoreThreshold,
  );
  return { ...candidates, sources: candidates.sources.map((source) => rows[source]!) };
}
