import { areaAt, countBoxes, intersectionAt } from "@lad/boxes";
import { LadError, type NdArray } from "@lad/core";
import { ignoredAnchors } from "./ignored-anchors";

export type MaxIouOptions = {
  /** An anchor whose best IoU is >= this belongs to that ground truth. */
  readonly positiveIou: number;
  /** An anchor whose best IoU is < this is background; between the two it is ignored. */
  readonly negativeIou: number;
  /** A ground truth takes its best anchors only if their IoU is >= this. */
  readonly minPositiveIou: number;
  /** Every ground truth takes all anchors that have exactly its best IoU, whatever they were before. */
  readonly matchLowQuality?: boolean;
  /** [K, 4] xyxy, px. Anchors with (intersection / anchor area) > `ignoreIofThreshold` to one of them are ignored. */
  readonly ignoreBoxes?: NdArray;
  /** Not positive: `ignoreBoxes` have no effect. */
  readonly ignoreIofThreshold?: number;
  /** A byte an anchor; anchors with 0 do not take part and stay ignored. All take part by default. */
  readonly valid?: Uint8Array;
};

export const BACKGROUND = -1;
export const IGNORED = -2;

const { fround, max, min } = Math;
const eps = fround(1e-6);
const blockSize = 32;

/**
 * Matches anchors to ground truths by IoU, in float32 throughout so that exact ties fall as in the references.
 * 1. Best IoU >= positiveIou: the first ground truth that has it; < negativeIou: background; else ignored.
 * 2. With `matchLowQuality`, each ground truth in turn takes every anchor that equals its best IoU (0 included), also from earlier ones.
 * Without any ground truth everything valid is background.
 * @param anchors [A, 4] xyxy, px. @param boxes [G, 4] xyxy, px. G may be 0.
 * @returns [A]: index of the ground truth, -1 background, -2 ignored or not valid.
 * @throws {LadError} SHAPE_MISMATCH.
 * Numerics follow mmdet 2.10 `MaxIoUAssigner` with `gt_max_assign_all`.
 */
export function assignMaxIou(anchors: NdArray, boxes: NdArray, options: MaxIouOptions): Int32Array {
  const count = countBoxes(anchors, "assignMaxIou", "anchors");
  const gts = countBoxes(boxes, "assignMaxIou", "boxes");
  const { valid } = options;
  if (valid && valid.length !== count) {
    throw new LadError("SHAPE_MISMATCH", `assignMaxIou: ${count} anchors, got valid flags for ${valid.length}`);
  }
  const out = new Int32Array(count).fill(BACKGROUND);
  const taken = gts === 0 ? valid : excludeIgnored(anchors, options);
  if (gts > 0) matchAll(anchors.data, boxes.data, taken, options, out);
  if (taken) for (let anchor = 0; anchor < count; anchor++) if (!taken[anchor]) out[anchor] = IGNORED;
  return out;
}

type Best = {
  /** Best IoU of every anchor and the first ground truth that has it. */
  readonly iou: Float32Array;
  readonly gt: Int32Array;
  /** Scratch: the anchors that share the current ground truth's best IoU. */
  readonly ties: Int32Array;
};

function matchAll(
  anchors: Float32Array,
  boxes: Float32Array,
  taken: Uint8Array | undefined,
  { positiveIou, negativeIou, minPositiveIou, matchLowQuality = true }: MaxIouOptions,
  out: Int32Array,
): void {
  const count = out.length;
  const best: Best = { iou: new Float32Array(count), gt: new Int32Array(count), ties: new Int32Array(count) };
  const claims = new Int32Array(count).fill(-1);
  const hulls = blockHulls(anchors);
  const minimum = fround(minPositiveIou);
  for (let gt = 0; gt < boxes.length / 4; gt++) {
    const { top, tied } = meetAnchors(anchors, hulls, boxes, gt, taken, best);
    if (!matchLowQuality || top < minimum) continue;
    if (top === 0) claims.fill(gt); // no anchor meets it: all tie at 0
    for (let tie = 0; tie < tied; tie++) claims[best.ties[tie]!] = gt;
  }
  const positive = fround(positiveIou);
  const negative = fround(negativeIou);
  for (let anchor = 0; anchor < count; anchor++) {
    if (claims[anchor]! >= 0) out[anchor] = claims[anchor]!;
    else if (best.iou[anchor]! >= positive) out[anchor] = best.gt[anchor]!;
    else out[anchor] = best.iou[anchor]! < negative ? BACKGROUND : IGNORED;
  }
}

/** IoU of one ground truth with every anchor that takes part, skipping blocks of anchors it cannot meet; updates `best`. */
function meetAnchors(
  anchors: Float32Array,
  hulls: Float32Array,
  boxes: Float32Array,
  gt: number,
  taken: Uint8Array | undefined,
  best: Best,
): { top: number; tied: number } {
  const { iou: bestIou, gt: bestGt, ties } = best;
  const gtArea = areaAt(boxes, gt * 4);
  let top = 0;
  let tied = 0;
  for (let block = 0; block < hulls.length; block += 4) {
    if (intersectionAt(hulls, block, boxes, gt * 4) === 0) continue;
    const end = min((block / 4 + 1) * blockSize, bestIou.length);
    for (let anchor = (block / 4) * blockSize; anchor < end; anchor++) {
      const intersection = intersectionAt(anchors, anchor * 4, boxes, gt * 4);
      if (intersection === 0 || taken?.[anchor] === 0) continue;
      const union = fround(fround(gtArea + areaAt(anchors, anchor * 4)) - intersection);
      const iou = fround(intersection / max(union, eps));
      if (iou > bestIou[anchor]!) {
        bestIou[anchor] = iou;
        bestGt[anchor] = gt;
      }
      if (iou > top) {
        top = iou;
        tied = 0;
      }
      if (iou === top) ties[tied++] = anchor;
    }
  }
  return { top, tied };
}

/** The hull of every `blockSize` anchors in a row: neighbours in a grid lie close together. */
function blockHulls(anchors: Float32Array): Float32Array {
  const blocks = Math.ceil(anchors.length / 4 / blockSize);
  const hulls = new Float32Array(blocks * 4);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize * 4;
    const end = min(start + blockSize * 4, anchors.length);
    hulls.set(anchors.subarray(start, start + 4), block * 4);
    for (let at = start; at < end; at++) {
      const side = block * 4 + (at & 3);
      hulls[side] = (at & 3) < 2 ? min(hulls[side]!, anchors[at]!) : max(hulls[side]!, anchors[at]!);
    }
  }
  return hulls;
}

/** Anchors that take part: the valid ones outside the ignore boxes; undefined = all. */
function excludeIgnored(
  anchors: NdArray,
  { valid, ignoreBoxes, ignoreIofThreshold = -1 }: MaxIouOptions,
): Uint8Array | undefined {
  const ignored = ignoredAnchors(anchors, ignoreBoxes, ignoreIofThreshold, "assignMaxIou");
  return ignored ? ignored.map((flag, anchor) => (flag || valid?.[anchor] === 0 ? 0 : 1)) : valid;
}
