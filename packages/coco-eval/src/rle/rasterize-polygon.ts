import { LadError } from "@lad/core";
import { checkSize } from "./check-size";
import type { MaskSize } from "./rle-types";

/** Points to a pixel's side on the fine grid on which COCO draws outlines. */
const scale = 5;
/** Beyond this, fine grid coordinates leave 32 bits in COCO's code. */
const farthest = 2 ** 31 / scale - 1;
/** Longest side of an image that is drawn on, px. */
const longestSide = 2 ** 20;

/**
 * Run lengths of a polygon's pixels, equal to COCO's `rleFrPoly`: the outline is drawn on a grid five times as fine, and
 * each pixel column is cut where the outline passes the column's middle. Only those points are worked out here.
 * @param points x, y, x, y …, px; a last number without partner is not looked at.
 * @throws {LadError} INVALID_DATA without a point, and for coordinates that are not finite or beyond 4e8 px.
 */
export function rasterizePolygon(points: ArrayLike<number>, size: MaskSize): Uint32Array {
  const pixels = checkSize("rasterizePolygon", size);
  const [height, width] = size;
  if (height > longestSide || width > longestSide) {
    throw new LadError("UNSUPPORTED", `rasterizePolygon: sides of up to ${longestSide} px, got ${height} x ${width}`);
  }
  const corners = points.length >> 1;
  if (corners === 0) throw new LadError("INVALID_DATA", "rasterizePolygon: wanted at least one point, got none");
  const cuts: number[] = [];
  for (let i = 0; i < corners; i++) {
    const next = i + 1 === corners ? 0 : i + 1;
    const [x, y] = [fine(points, 2 * i), fine(points, 2 * i + 1)];
    cutColumns(x, y, fine(points, 2 * next), fine(points, 2 * next + 1), size, cuts);
  }
  cuts.push(pixels);
  return countsBetween(Uint32Array.from(cuts).sort());
}

/** A coordinate on the fine grid, rounded as C rounds. */
function fine(points: ArrayLike<number>, index: number): number {
  const value = points[index]!;
  if (Math.abs(value) <= farthest) return Math.trunc(scale * value + 0.5);
  const wanted = `coordinates must be finite and within ${Math.floor(farthest)} px`;
  throw new LadError("INVALID_DATA", `rasterizePolygon: ${wanted}, got ${value} at ${index}`);
}

/** Adds where the edge cuts pixel columns, as positions in column order. */
function cutColumns(x1: number, y1: number, x2: number, y2: number, size: MaskSize, cuts: number[]): void {
  const [height, width] = size;
  const first = Math.max(0, Math.ceil((Math.min(x1, x2) - 2) / scale));
  const last = Math.min(width - 1, Math.floor((Math.max(x1, x2) - 3) / scale));
  if (first > last) return;
  const isFlat = Math.abs(x2 - x1) >= Math.abs(y2 - y1);
  const isReversed = isFlat ? x1 > x2 : y1 > y2;
  const [xs, ys, xe, ye] = isReversed ? [x2, y2, x1, y1] : [x1, y1, x2, y2];
  const slope = isFlat ? (ye - ys) / (xe - xs) : (xe - xs) / (ye - ys);
  for (let column = first; column <= last; column++) {
    // the middle of a column lies between the fine columns 5 c + 2 and 5 c + 3; the upper of both points counts
    const before = scale * column + 2;
    const row = isFlat ? flatRow(xs, ys, slope, before) : ys + steepStep(xs, slope, before + 1) - 1;
    const position = Math.ceil(Math.min(height, Math.max(0, (row + 0.5) / scale - 0.5)));
    cuts.push(column * height + position);
  }
}

function flatRow(xs: number, ys: number, slope: number, before: number): number {
  const step = before - xs;
  return Math.min(Math.trunc(ys + slope * step + 0.5), Math.trunc(ys + slope * (step + 1) + 0.5));
}

/** First step down a steep edge that lies on the other side of fine column `after` than the edge's start. */
function steepStep(xs: number, slope: number, after: number): number {
  const startsLeft = slope > 0;
  const hasPassed = (step: number) => Math.trunc(xs + slope * step + 0.5) >= after === startsLeft;
  let step = Math.max(1, Math.ceil((after - 0.5 - xs) / slope)); // off by rounding at most
  while (step > 1 && hasPassed(step - 1)) step--;
  while (!hasPassed(step)) step++;
  return step;
}

/** Counts between sorted positions; two cuts at one position undo each other. */
function countsBetween(cuts: Uint32Array): Uint32Array {
  const gap = (i: number) => cuts[i]! - cuts[i - 1]!;
  const counts = new Uint32Array(cuts.length);
  counts[0] = cuts[0]!;
  let length = 1;
  for (let i = 1; i < cuts.length; i++) {
    if (gap(i) > 0) counts[length++] = gap(i);
    else if (++i < cuts.length) counts[length - 1]! += gap(i);
  }
  return counts.slice(0, length);
}
