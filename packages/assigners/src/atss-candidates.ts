import { iouAt } from "@lad/boxes";
import type { NdArray } from "@lad/core";
import { ignoredAnchors } from "./ignored-anchors";

export type AtssOptions = {
  /** Nearest anchors of each level that are a ground truth's candidates. */
  readonly topk?: number;
  /** Anchors covered by an ignore box for more than this share are ignored; not positive: ignore boxes have no effect. */
  readonly ignoreIofThreshold?: number;
};

/** What one image's anchors are chosen from. */
export type AtssImageInput = {
  /** [A, 4] xyxy, px. */
  readonly anchors: NdArray;
  readonly levelSizes: readonly number[];
  /** A byte an anchor: does it take part? */
  readonly valid: Uint8Array;
  /** [G, 4] xyxy, px. */
  readonly boxes: NdArray;
  readonly ignoreBoxes: NdArray | undefined;
};

export type AtssCandidates = {
  /** Per ground truth: its candidates of all levels and their IoU with it. */
  readonly candidates: readonly { readonly anchors: Int32Array; readonly overlaps: Float32Array }[];
  /** [G]: mean + standard deviation (unbiased) of the candidates' IoU; NaN for a single candidate. */
  readonly thresholds: Float32Array;
  /** A byte an anchor, where ignore boxes count. */
  readonly ignored: Uint8Array | undefined;
};

const { fround, sqrt } = Math;
/** Distance of an ignored anchor, px: it is chosen only where a level has too few others. */
const far = 1e8;
export const iouFloor = fround(1e-6);

/**
 * ATSS' candidates (arXiv 1912.02424 Alg. 1, lines 3 to 9): for every ground truth the `topk` valid anchors of each level whose centre is
 * nearest to its own, and the IoU threshold they make. Equal distances: lower anchor first. float32 as in mmdet 2.10.
 */
export function atssCandidates(
  { anchors, levelSizes, valid, boxes, ignoreBoxes }: AtssImageInput,
  { topk = 9, ignoreIofThreshold = -1 }: AtssOptions,
): AtssCandidates {
  const ignored = ignoredAnchors(anchors, ignoreBoxes, ignoreIofThreshold, "atssCandidates");
  const gts = boxes.shape[0]!;
  const thresholds = new Float32Array(gts);
  const nearest = new Int32Array(levelSizes.length * topk);
  const distances = new Float32Array(nearest.length);
  const candidates = Array.from({ length: gts }, (_, gt) => {
    let found = 0;
    let start = 0;
    for (const size of levelSizes) {
      const first = found;
      for (let anchor = start; anchor < start + size; anchor++) {
        if (!valid[anchor]) continue;
        const distance = ignored?.[anchor] ? far : distanceAt(anchors.data, anchor * 4, boxes.data, gt * 4);
        if (found - first === topk) {
          if (distance >= distances[found - 1]!) continue;
          found--;
        }
        insert(nearest, distances, first, found++, anchor, distance);
      }
      start += size;
    }
    const chosen = nearest.slice(0, found);
    const overlaps = Float32Array.from(chosen, (anchor) =>
      iouAt(anchors.data, anchor * 4, boxes.data, gt * 4, iouFloor),
    );
    thresholds[gt] = threshold(overlaps);
    return { anchors: chosen, overlaps };
  });
  return { candidates, thresholds, ignored };
}

/** Distance of two boxes' centres. */
function distanceAt(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const dx = fround(centre(a[i]!, a[i + 2]!) - centre(b[j]!, b[j + 2]!));
  const dy = fround(centre(a[i + 1]!, a[i + 3]!) - centre(b[j + 1]!, b[j + 3]!));
  return fround(sqrt(fround(fround(dx * dx) + fround(dy * dy))));
}

export function centre(low: number, high: number): number {
  return fround(low + high) / 2;
}

/** Puts an anchor into `nearest[first..end - 1]`, sorted by distance, behind its equals. */
function insert(
  nearest: Int32Array,
  distances: Float32Array,
  first: number,
  end: number,
  anchor: number,
  distance: number,
): void {
  let at = end;
  for (; at > first && distances[at - 1]! > distance; at--) {
    nearest[at] = nearest[at - 1]!;
    distances[at] = distances[at - 1]!;
  }
  nearest[at] = anchor;
  distances[at] = distance;
}

function threshold(overlaps: Float32Array): number {
  const mean = overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length;
  const variance = overlaps.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (overlaps.length - 1);
  return fround(fround(mean) + fround(sqrt(variance)));
}
