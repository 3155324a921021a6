// Every step is rounded to float32, in the order of the references: thresholds and exact ties
// (spec: MaxIoU takes every anchor that equals a gt's best IoU) then fall as they do in float32 tensors.
// A double operation on float32 operands rounded once to float32 is the float32 operation.
const { fround, max, min } = Math;

/** Measures of a pair of boxes. */
export type IouMode =
  /** Intersection over union. */
  | "iou"
  /** Intersection over the first box's area. */
  | "iof"
  /** IoU - (hull - union) / hull, arXiv:1902.09630. */
  | "giou"
  /** IoU - squared centre distance / squared hull diagonal, arXiv:1911.08287. */
  | "diou"
  /** DIoU - v^2 / (1 - IoU + v), v = 4/pi^2 (atan(w2/h2) - atan(w1/h1))^2, arXiv:1911.08287. */
  | "ciou"
  /** As "diou", but over the first box's area instead of the union: what the localization-distillation fork of mmdet computes. */
  | "diouOverFirst";

/** Measure of the box at `a[i..i+3]` and the box at `b[j..j+3]`, xyxy px; denominators are floored at `eps`. */
export type Overlap = (a: Float32Array, i: number, b: Float32Array, j: number, eps: number) => number;

/** Area of the box at `a[i..i+3]`; negative if one of its sides is. */
export function areaAt(a: Float32Array, i: number): number {
  return fround(fround(a[i + 2]! - a[i]!) * fround(a[i + 3]! - a[i + 1]!));
}

/** Area common to two boxes, 0 if they do not meet. */
export function intersectionAt(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const width = fround(min(a[i + 2]!, b[j + 2]!) - max(a[i]!, b[j]!));
  const height = fround(min(a[i + 3]!, b[j + 3]!) - max(a[i + 1]!, b[j + 1]!));
  return width > 0 && height > 0 ? fround(width * height) : 0;
}

function unionAt(a: Float32Array, i: number, b: Float32Array, j: number, intersection: number, eps: number): number {
  return max(fround(fround(areaAt(a, i) + areaAt(b, j)) - intersection), eps);
}

/** IoU of two boxes. */
export const iouAt: Overlap = (a, i, b, j, eps) => {
  const intersection = intersectionAt(a, i, b, j);
  return fround(intersection / unionAt(a, i, b, j, intersection, eps));
};

const iofAt: Overlap = (a, i, b, j, eps) => fround(intersectionAt(a, i, b, j) / max(areaAt(a, i), eps));

/** Sides of the smallest box around both, never negative. */
function hullWidth(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return max(fround(max(a[i + 2]!, b[j + 2]!) - min(a[i]!, b[j]!)), 0);
}

const giouAt: Overlap = (a, i, b, j, eps) => {
  const intersection = intersectionAt(a, i, b, j);
  const union = unionAt(a, i, b, j, intersection, eps);
  const hull = max(fround(hullWidth(a, i, b, j) * hullWidth(a, i + 1, b, j + 1)), eps);
  return fround(fround(intersection / union) - fround(fround(hull - union) / hull));
};

/** (squared distance of the centres) / (squared diagonal of the hull). */
const distanceAt: Overlap = (a, i, b, j, eps) => {
  const width = hullWidth(a, i, b, j);
  const height = hullWidth(a, i + 1, b, j + 1);
  const diagonal = max(fround(fround(width * width) + fround(height * height)), eps);
  const dx = fround(fround(b[j]! + b[j + 2]!) - fround(a[i]! + a[i + 2]!));
  const dy = fround(fround(b[j + 1]! + b[j + 3]!) - fround(a[i + 1]! + a[i + 3]!));
  return fround(fround(fround(fround(dx * dx) / 4) + fround(fround(dy * dy) / 4)) / diagonal);
};

const diouAt: Overlap = (a, i, b, j, eps) => fround(iouAt(a, i, b, j, eps) - distanceAt(a, i, b, j, eps));

/** What the localization-distillation fork of mmdet computes as DIoU: the intersection over the FIRST box's area, less the distance term. */
export const diouOverFirstAt: Overlap = (a, i, b, j, eps) =>
  fround(iofAt(a, i, b, j, eps) - distanceAt(a, i, b, j, eps));

const ciouAt: Overlap = (a, i, b, j, eps) => {
  const first = Math.atan((a[i + 2]! - a[i]!) / max(a[i + 3]! - a[i + 1]!, eps));
  const second = Math.atan((b[j + 2]! - b[j]!) / max(b[j + 3]! - b[j + 1]!, eps));
  const v = (4 / Math.PI ** 2) * (second - first) ** 2;
  const penalty = v > 0 ? v ** 2 / (1 - iouAt(a, i, b, j, eps) + v) : 0;
  return fround(diouAt(a, i, b, j, eps) - penalty);
};

export const overlaps: Readonly<Record<IouMode, Overlap>> = {
  iou: iouAt,
  iof: iofAt,
  giou: giouAt,
  diou: diouAt,
  ciou: ciouAt,
  diouOverFirst: diouOverFirstAt,
};
