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
  const outline = fineOutline(points);
  let room = 1;
  for (let i = 0; i + 2 < outline.length; i += 2) room += cutCount(outline[i]!, outline[i + 2]!, width);
  const cuts = new Uint32Array(room);
  let length = 0;
  for (let i = 0; i + 2 < outline.length; i += 2) length += cutColumns(outline, i, size, cuts, length);
  cuts[length] = pixels;
  return countsBetween(cuts.sort());
}

/** The corners on the fine grid, x, y, x, y …, rounded as C rounds, and the first once more. */
function fineOutline(points: ArrayLike<number>): Int32Array {
  const count = points.length & ~1;
  if (count === 0) throw new LadError("INVALID_DATA", "rasterizePolygon: wanted at least one point, got none");
  const outline = new Int32Array(count + 2);
  for (let i = 0; i < count; i++) {
    const value = points[i]!;
    if (!(Math.abs(value) <= farthest)) throw tooFar(value, i);
    outline[i] = scale * value + 0.5;
  }
  outline[count] = outline[0]!;
  outline[count + 1] = outline[1]!;
  return outline;
}

function tooFar(value: number, index: number): LadError {
  const wanted = `coordinates must be finite and within ${Math.floor(farthest)} px`;
  return new LadError("INVALID_DATA", `rasterizePolygon: ${wanted}, got ${value} at ${index}`);
}

/** First and last pixel column whose middle an edge between two fine columns passes. */
const firstCut = (x1: number, x2: number) => Math.max(0, Math.ceil((Math.min(x1, x2) - 2) / scale));
const lastCut = (x1: number, x2: number, width: number) =>
  Math.min(width - 1, Math.floor((Math.max(x1, x2) - 3) / scale));

function cutCount(x1: number, x2: number, width: number): number {
  return Math.max(0, lastCut(x1, x2, width) - firstCut(x1, x2) + 1);
}

/**
 * Writes where the edge from corner `corner` of the outline to the next cuts pixel columns, as positions in column order, to
 * `cuts` from index `at` on. Returns how many there are.
 */
function cutColumns(outline: Int32Array, corner: number, size: MaskSize, cuts: Uint32Array, at: number): number {
  const x1 = outline[corner]!;
  const y1 = outline[corner + 1]!;
  const x2 = outline[corner + 2]!;
  const y2 = outline[corner + 3]!;
  const height = size[0];
  const first = firstCut(x1, x2);
  const count = cutCount(x1, x2, size[1]);
  const isFlat = Math.abs(x2 - x1) >= Math.abs(y2 - y1);
  const isReversed = isFlat ? x1 > x2 : y1 > y2;
  const xs = isReversed ? x2 : x1;
  const ys = isReversed ? y2 : y1;
  const slope = isFlat ? (y2 - y1) / (x2 - x1) : (x2 - x1) / (y2 - y1);
  for (let i = 0; i < count; i++) {
    // the middle of a column lies between the fine columns 5 c + 2 and 5 c + 3; the upper of both points counts
    const before = scale * (first + i) + 2;
    const row = isFlat ? flatRow(xs, ys, slope, before) : ys + steepStep(xs, slope, before + 1) - 1;
    const position = Math.ceil(Math.min(height, Math.max(0, (row + 0.5) / scale - 0.5)));
    cuts[at + i] = (first + i) * height + position;
  }
  return count;
}

function flatRow(xs: number, ys: number, slope: number, before: number): number {
  const step = before - xs;
  return Math.min(Math.trunc(ys + slope * step + 0.5), Math.trunc(ys + slope * (step + 1) + 0.5));
}

/** First step down a steep edge that lies on the other side of fine column `after` than the edge's start. */
function steepStep(xs: number, slope: number, after: number): number {
  let step = Math.max(1, Math.ceil((after - 0.5 - xs) / slope)); // off by rounding at most
  while (step > 1 && hasPassed(xs, slope, step - 1, after)) step--;
  while (!hasPassed(xs, slope, step, after)) step++;
  return step;
}

function hasPassed(xs: number, slope: number, step: number, after: number): boolean {
  const isRight = Math.trunc(xs + slope * step + 0.5) >= after;
  return isRight === slope > 0;
}

/** Counts between sorted positions, in the same array; two cuts at one position undo each other. */
function countsBetween(cuts: Uint32Array): Uint32Array {
  let previous = cuts[0]!;
  let length = 1; // the first count is the first position
  for (let i = 1; i < cuts.length; i++) {
    const gap = cuts[i]! - previous;
    previous = cuts[i]!;
    if (gap > 0) cuts[length++] = gap;
    else if (++i < cuts.length) {
      cuts[length - 1]! += cuts[i]! - previous;
      previous = cuts[i]!;
    }
  }
  return cuts.subarray(0, length);
}
