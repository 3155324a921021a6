import type { GroupedMask } from "./mask-group";
import { walkPair } from "./walk-pair";

/**
 * IoU of two masks as COCO gives it: 0 if their boxes do not overlap, -1 if they do but the sizes differ, else intersection
 * over union, or over the detection's area if the other is a crowd region.
 */
export function maskIou(detection: GroupedMask, annotation: GroupedMask, isCrowd: boolean): number {
  if (!boxesOverlap(detection.box, annotation.box)) return 0;
  if (detection.size[0] !== annotation.size[0] || detection.size[1] !== annotation.size[1]) return -1;
  const isRegular = detection.isRegular && annotation.isRegular;
  const [shared, union] = isRegular ? fromRuns(detection, annotation) : fromWalk(detection, annotation);
  if (shared === 0) return 0;
  return shared / (isCrowd ? detection.area : union);
}

type Box = GroupedMask["box"];

function boxesOverlap([x1, y1, width1, height1]: Box, [x2, y2, width2, height2]: Box): boolean {
  const width = Math.min(x1 + width1, x2 + width2) - Math.max(x1, x2);
  const height = Math.min(y1 + height1, y2 + height2) - Math.max(y1, y2);
  return width > 0 && height > 0;
}

/** Intersection and union, px. */
function fromRuns(a: GroupedMask, b: GroupedMask): [shared: number, union: number] {
  const shared = sharedPixels(a.ends, b.ends);
  return [shared, a.area + b.area - shared];
}

function sharedPixels(a: Uint32Array, b: Uint32Array): number {
  const [countA, countB] = [a.length & ~1, b.length & ~1];
  let i = firstRunBehind(a, b[0]!);
  let j = firstRunBehind(b, a[0]!);
  let shared = 0;
  while (i < countA && j < countB) {
    const [endA, endB] = [a[i + 1]!, b[j + 1]!];
    const length = Math.min(endA, endB) - Math.max(a[i]!, b[j]!);
    if (length > 0) shared += length;
    if (endA < endB) i += 2;
    else j += 2;
  }
  return shared;
}

/** Index of the first run inside the mask (its start; its end follows) that ends behind a position. */
function firstRunBehind(ends: Uint32Array, position: number): number {
  let low = 0;
  let high = ends.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[2 * middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** As COCO walks them: what lies behind two empty runs that meet counts for neither. */
function fromWalk(a: GroupedMask, b: GroupedMask): [shared: number, union: number] {
  let [shared, union] = [0, 0];
  walkPair(countsOf(a), countsOf(b), (length, inA, inB) => {
    if (inA && inB) shared += length;
    if (inA || inB) union += length;
  });
  return [shared, union];
}

function countsOf({ ends }: GroupedMask): Uint32Array {
  return ends.map((end, i) => (i === 0 ? end : end - ends[i - 1]!));
}
