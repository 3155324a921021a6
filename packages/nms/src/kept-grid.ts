import { areaAt } from "@lad/boxes";

const { floor, fround, max, min, sqrt } = Math;

export type KeptGridOptions = {
  /** Boxes are `boxes[at..at+3]`, xyxy px. */
  readonly boxes: Float32Array;
  readonly classes: number;
  /** In (0, 1], or 0: any common area suppresses. */
  readonly iouThreshold: number;
  /** Non-negative, of the boxes at `a[i..]` and `b[j..]`: what is compared is IoU - penalty. Default 0. */
  readonly penalty?: Penalty;
};
export type Penalty = (a: Float32Array, i: number, b: Float32Array, j: number) => number;

/** The boxes kept so far, filed by class and by the cell of their centre. */
export type KeptGrid = {
  /** True if a kept box of the class has IoU (less the penalty) > threshold with the box at `at`, all in float32 as the references compute it. */
  meets(at: number, label: number): boolean;
  add(at: number, label: number): void;
};

/** Kept boxes in the order they were added, each with the one filed in its cell before it (-1: none). */
type Kept = {
  readonly corners: Float32Array;
  readonly areas: Float32Array;
  readonly older: Int32Array;
  readonly threshold: number;
  readonly penalty: Penalty | undefined;
};

/**
 * An index of kept boxes. IoU > t > 0 needs sides within a factor t of each other and so
 * |distance of the centres| < side · max(1 - t, (1 - t) / 2t) on both axes: only the cells around a box are looked at.
 */
export function keptGrid({ boxes, classes, iouThreshold, penalty }: KeptGridOptions): KeptGrid {
  const count = boxes.length / 4;
  const threshold = fround(iouThreshold);
  const side = threshold > 0 ? max(1, min(128, floor(sqrt(count / classes)))) : 1;
  const reach = 1.001 * max(1 - threshold, (1 - threshold) / (2 * threshold)); // 1.001: room for float32 rounding
  const cellX = cells(boxes, 0, side);
  const cellY = cells(boxes, 1, side);
  const newest = new Int32Array(classes * side * side).fill(-1);
  const kept: Kept = {
    corners: new Float32Array(count * 4),
    areas: new Float32Array(count),
    older: new Int32Array(count),
    threshold,
    penalty,
  };
  let added = 0;

  const add = (at: number, label: number): void => {
    const x = cellX((boxes[at]! + boxes[at + 2]!) / 2);
    const y = cellY((boxes[at + 1]! + boxes[at + 3]!) / 2);
    const cell = (label * side + y) * side + x;
    for (let corner = 0; corner < 4; corner++) kept.corners[added * 4 + corner] = boxes[at + corner]!;
    kept.areas[added] = areaAt(boxes, at);
    kept.older[added] = newest[cell]!;
    newest[cell] = added++;
  };

  const meets = (at: number, label: number): boolean => {
    if (side === 1) return meetsOneOf(kept, newest[label]!, boxes, at);
    const centerX = (boxes[at]! + boxes[at + 2]!) / 2;
    const centerY = (boxes[at + 1]! + boxes[at + 3]!) / 2;
    const reachX = reach * (boxes[at + 2]! - boxes[at]!);
    const reachY = reach * (boxes[at + 3]! - boxes[at + 1]!);
    const left = cellX(centerX - reachX);
    const right = cellX(centerX + reachX);
    const bottom = cellY(centerY + reachY);
    for (let y = cellY(centerY - reachY); y <= bottom; y++) {
      const row = (label * side + y) * side;
      for (let x = left; x <= right; x++) {
        const first = newest[row + x]!;
        if (first >= 0 && meetsOneOf(kept, first, boxes, at)) return true;
      }
    }
    return false;
  };

  return { meets, add };
}

/** True if a kept box of the list that begins at `first` has IoU - penalty > threshold with the box at `at`. */
function meetsOneOf(kept: Kept, first: number, boxes: Float32Array, at: number): boolean {
  const { corners, areas, older, threshold, penalty } = kept;
  const x1 = boxes[at]!;
  const y1 = boxes[at + 1]!;
  const x2 = boxes[at + 2]!;
  const y2 = boxes[at + 3]!;
  const area = areaAt(boxes, at);
  for (let other = first; other >= 0; other = older[other]!) {
    const corner = other * 4;
    const width = min(x2, corners[corner + 2]!) - max(x1, corners[corner]!);
    if (width <= 0) continue;
    const height = min(y2, corners[corner + 3]!) - max(y1, corners[corner + 1]!);
    if (height <= 0) continue;
    // doubles rule out all but the pairs within float32's rounding (under 2e-6) of the threshold or above it
    const intersection = width * height;
    if (intersection < threshold * 0.999996 * (area + areas[other]! - intersection)) continue;
    const rounded = fround(fround(width) * fround(height));
    const iou = fround(rounded / fround(fround(area + areas[other]!) - rounded));
    if (iou > threshold && (!penalty || fround(iou - penalty(boxes, at, corners, corner)) > threshold)) return true;
  }
  return false;
}

/** Which of `side` cells over the boxes' extent on one axis a coordinate falls in; monotone, clamped, 0 for NaN. */
function cells(boxes: Float32Array, axis: 0 | 1, side: number): (coordinate: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = axis; at < boxes.length; at += 4) {
    low = min(low, boxes[at]!);
    high = max(high, boxes[at + 2]!);
  }
  const perPixel = high > low && high - low < Number.POSITIVE_INFINITY ? side / (high - low) : 0;
  if (perPixel === 0) return () => 0;
  return (coordinate) => max(0, min(side - 1, floor((coordinate - low) * perPixel))) | 0;
}
