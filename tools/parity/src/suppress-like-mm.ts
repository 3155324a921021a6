import { type Detections, LadError, type NdArray } from "@lad/core";
import {
  clusterDiouNms,
  clusterDiouVoting,
  fastNms,
  hardNms,
  type MulticlassNms,
  multiclassNms,
  type Suppress,
  shiftByClass,
  softNms,
} from "@lad/nms";

export type Suppressed = Detections & {
  /** Row of the boxes each came from. */
  readonly sources: Int32Array;
  /** Scores are no longer the input's. */
  readonly decayed: boolean;
  /** Boxes are no longer the input's. */
  readonly voted: boolean;
};

/** px between classes in the voting NMS of the LD repository. */
const votingOffset = 4000;

/** Multiclass suppression by mmdet's `nms` options; classes are moved apart as there, which rounds overlaps as there. */
export function suppressLikeMm(
  boxes: NdArray,
  scores: NdArray,
  options: Readonly<Record<string, unknown>>,
  { scoreThreshold, limit }: { readonly scoreThreshold: number; readonly limit: number },
): Suppressed {
  const { type = "fast_nms", iou_threshold = options.iou_thr } = options;
  const iouThreshold = iou_threshold as number | undefined;
  const run = (suppress: Suppress) =>
    multiclassNms(boxes, scores, {
      scoreThreshold,
      perImage: limit,
      suppress,
      ...(iouThreshold !== undefined && { iouThreshold }),
    });
  const plain = { decayed: false, voted: false };
  if (type === "nms" && options.class_agnostic)
    return { ...sourced(run((kept, best, _, limits) => hardNms(kept, best, limits))), ...plain };
  if (type === "nms") return { ...sourced(run((b, s, l, limits) => hardNms(apart(b, l), s, limits))), ...plain };
  if (type === "fast_nms") {
    const perClass = options.top_k as number;
    return { ...sourced(run((b, s, l, limits) => fastNms(b, s, l, { ...limits, perClass }))), ...plain };
  }
  if (type === "soft_nms")
    return {
      ...sourced(run((b, s, l, { limit }) => softNms(apart(b, l), s, { limit, ...softOptions(options) }))),
      ...plain,
      decayed: true,
    };
  if (type === "voting_cluster_diounms") {
    const found = run((b, s, l, limits) => clusterDiouNms(b, s, l, { ...limits, classOffset: votingOffset }));
    const voted = clusterDiouVoting(found.kept, found.candidates, { classOffset: votingOffset });
    return { ...sourced(found), ...voted, ...plain, voted: true };
  }
  throw new LadError("UNSUPPORTED", `suppressLikeMm: type ${type} is not supported`);
}

function sourced({ detections, candidates, kept }: MulticlassNms) {
  return { ...detections, sources: kept.map((index) => candidates.sources[index]!) };
}

/** mmcv's `batched_nms`: label · (largest coordinate + 1). */
function apart(boxes: NdArray, labels: Int32Array): NdArray {
  const largest = boxes.data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return shiftByClass(boxes, labels, Math.fround(largest + 1));
}

function softOptions(options: Readonly<Record<string, unknown>>): Parameters<typeof softNms>[2] {
  const { iou_threshold, method, sigma, min_score } = options as {
    iou_threshold?: number;
    method?: "linear" | "gaussian" | "naive";
    sigma?: number;
    min_score?: number;
  };
  return {
    ...(iou_threshold !== undefined && { iouThreshold: iou_threshold }),
    ...(method !== undefined && { method }),
    ...(sigma !== undefined && { sigma }),
    ...(min_score !== undefined && { minScore: min_score }),
  };
}
