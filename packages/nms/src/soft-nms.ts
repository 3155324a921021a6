import { areaAt, intersectionAt } from "@lad/boxes";
import { LadError, type NdArray } from "@lad/core";
import { checkInput, checkRange } from "./check-input";

export type SoftNmsOptions = {
  /** Class of each box; boxes of different classes leave each other alone. Default: one class. */
  readonly labels?: Int32Array;
  /** What an overlap leaves of a score: "linear" 1 - IoU from `iouThreshold` on, "gaussian" exp(-IoU² / sigma), "naive" nothing from `iouThreshold` on. */
  readonly method?: "linear" | "gaussian" | "naive";
  /** In [0, 1]; unused by "gaussian". */
  readonly iouThreshold?: number;
  /** Width of "gaussian" in IoU, squared. */
  readonly sigma?: number;
  /** A box is dropped when its score falls below this. */
  readonly minScore?: number;
  /** Most boxes to keep; all by default. */
  readonly limit?: number;
};

/** Boxes that are left, best first: their indices and decayed scores. */
export type SoftNms = { readonly kept: Int32Array; readonly scores: Float32Array };

const { exp, fround } = Math;

/**
 * Soft-NMS: takes the best box, lowers the scores of those that overlap it, and so on.
 * @param boxes [N, 4] xyxy, px. @param scores [N]. N may be 0.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows arXiv:1704.04503 as in mmcv 1.2 `soft_nms`, the order of equal scores included; all in float32. A box without area overlaps
 * nothing (mmcv: NaN scores).
 */
export function softNms(boxes: NdArray, scores: Float32Array, options: SoftNmsOptions = {}): SoftNms {
  const { labels, minScore = 1e-3, limit = Number.POSITIVE_INFINITY } = options;
  const count = checkInput("softNms", { boxes, scores, ...(labels && { labels }) });
  checkRange("softNms", "limit", limit, 0);
  const remainder = decay(options);
  const least = fround(minScore);
  const pool = Int32Array.from(scores.keys()); // before `taken`: those kept, best first; up to `left`: those still in play
  const current = scores.slice(); // by place in the pool
  let left = count;
  let taken = 0;
  for (; taken < left && taken < limit; taken++) {
    swap(pool, current, taken, firstOfBest(current, taken, left));
    const best = pool[taken]!;
    for (let place = taken + 1; place < left; place++) {
      const other = pool[place]!;
      if (!labels || labels[other] === labels[best]) {
        current[place]! *= remainder(overlapAt(boxes.data, best * 4, other * 4));
      }
      if (current[place]! < least) {
        left--;
        pool[place] = pool[left]!; // as mmcv does: the last takes the place, which decides the order of equal scores
        current[place] = current[left]!;
        place--;
      }
    }
  }
  return { kept: pool.slice(0, taken), scores: current.slice(0, taken) };
}

function decay({ method = "linear", iouThreshold = 0.3, sigma = 0.5 }: SoftNmsOptions): (iou: number) => number {
  checkRange("softNms", "iouThreshold", iouThreshold, 0, 1);
  if (!(sigma > 0)) throw new LadError("INVALID_ARGUMENT", `softNms: sigma must be positive, got ${sigma}`);
  const threshold = fround(iouThreshold);
  const width = fround(sigma);
  if (method === "linear") return (iou) => (iou >= threshold ? fround(1 - iou) : 1);
  if (method === "naive") return (iou) => (iou >= threshold ? 0 : 1);
  if (method === "gaussian") return (iou) => (iou > 0 ? fround(exp(-fround(fround(iou * iou) / width))) : 1);
  throw new LadError("INVALID_ARGUMENT", `softNms: method must be linear, gaussian or naive, got "${method}"`);
}

/** Place of the highest score in [from, to), the first of equal ones. */
function firstOfBest(scores: Float32Array, from: number, to: number): number {
  let best = from;
  for (let place = from + 1; place < to; place++) if (scores[best]! < scores[place]!) best = place;
  return best;
}

function swap(pool: Int32Array, current: Float32Array, a: number, b: number): void {
  [pool[a], pool[b]] = [pool[b]!, pool[a]!];
  [current[a], current[b]] = [current[b]!, current[a]!];
}

function overlapAt(boxes: Float32Array, i: number, j: number): number {
  const intersection = intersectionAt(boxes, i, boxes, j);
  if (intersection === 0) return 0;
  return fround(intersection / fround(fround(areaAt(boxes, i) + areaAt(boxes, j)) - intersection));
}
