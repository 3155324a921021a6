import type { GroupedMask } from "./mask-group";
import { walkPair } from "./walk-pair";

/**
 * IoU of two masks as COCO gives it: 0 if their boxes do not overlap, -1 if they do but the sizes differ, else intersection
 * over union, or over the detection's area if the other is a crowd region.
 */
export function maskIou(detection: GroupedMask, annotation: GroupedMask, isCrowd: boolean): number {
  if (!boxesOverlap(detection.box, annotation.box)) return 0;
  if (detection.size[0] !== annotation.size[0] || detection.size[1] !== annotation.size[1]) return -1;
  const isPlain = detection.isPlain && annotation.isPlain;
  const [shared, union] = isPlain ? fromRuns(detection, annotation) : fromWalk(detection, annotation);
  if (shared === 0) return 0;
  return shared / (isCrowd ? detection.area : union);
}

function boxesOverlap(a: Float64Array, b: Float64Array): boolean {
  const width = Math.min(a[0]! + a[2]!, b[0]! + b[2]!) - Math.max(a[0]!, b[0]!);
  const height = Math.min(a[1]! + a[3]!, b[1]! + b[3]!) - Math.max(a[1]!, b[1]!);
  return width > 0 && height > 0;
}

/** Intersection and union, px. */
function fromRuns(a: GroupedMask, b: GroupedMask): [shared: number, union: number] {
  const shared = sharedPixels(a, b);
  return [shared, a.area + b.area - shared];
}

/** Pixels inside both: each run inside reaches from one end, at an even place, to the next. */
function sharedPixels(a: GroupedMask, b: GroupedMask): number {
  const { ends: endsA } = a;
  const { ends: endsB } = b;
  const stopA = a.start + (a.length & ~1);
  const stopB = b.start + (b.length & ~1);
  let i = firstRunBehind(a, endsB[b.start]!);
  let j = firstRunBehind(b, endsA[a.start]!);
  let shared = 0;
  while (i < stopA && j < stopB) {
    const endA = endsA[i + 1]!;
    const endB = endsB[j + 1]!;
    const begin = Math.max(endsA[i]!, endsB[j]!);
    const end = Math.min(endA, endB);
    if (begin < end) shared += end - begin;
    if (endA < endB) i += 2;
    else j += 2;
  }
  return shared;
}

/** Index of the first run inside the mask (its start; its end follows) that ends behind a position. */
function firstRunBehind({ ends, start, length }: GroupedMask, position: number): number {
  let low = 0;
  let high = length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[start + 2 * middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return start + 2 * low;
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

function countsOf({ ends, start, length }: GroupedMask): Uint32Array {
  return ends.slice(start, start + length).map((end, i, all) => (i === 0 ? end : end - all[i - 1]!));
}
