import type { MaskSize } from "./rle-types";

/** A mask as the positions after each run: `length` of them in `ends` from index `start` on. */
export type Runs = {
  readonly ends: Uint32Array;
  readonly start: number;
  readonly length: number;
  /** What `sumRuns` says of them. */
  readonly isPlain: boolean;
};

/** Pixels inside a mask; its box, xywh px, is written to `boxes` from index `at` on, zeros if there are no runs inside. */
export function measureRuns(runs: Runs, size: MaskSize, boxes: Float64Array, at: number): number {
  const [height, width] = [size[0] >>> 0, size[1] >>> 0];
  if (runs.length < 2 || height === 0) boxes.fill(0, at, at + 4);
  else if (runs.isPlain && height < 2 ** 31) boxOfPlain(runs, height, width, boxes, at);
  else boxOfAny(runs, height, width, boxes, at);
  return areaOf(runs);
}

function areaOf({ ends, start, length }: Runs): number {
  const stop = start + (length & ~1);
  let area = 0;
  for (let i = start; i < stop; i += 2) area = (area + ends[i + 1]! - ends[i]!) | 0;
  return area >>> 0;
}

/** The box where positions rise from run to run: the first run inside is the furthest left, the last the furthest right. */
function boxOfPlain(
  { ends, start, length }: Runs,
  height: number,
  width: number,
  boxes: Float64Array,
  at: number,
): void {
  const stop = start + (length & ~1);
  let top = height | 0;
  let bottom = 0;
  let columnStart = 0; // its first pixel
  for (let i = start; i < stop; i += 2) {
    let row = ((ends[i]! | 0) - columnStart) | 0;
    if (row >= height) {
      row = (row - height) | 0; // most runs are one column further than the last: no division
      if (row >= height) row %= height;
      columnStart = ((ends[i]! | 0) - row) | 0;
    }
    const lastRow = ((ends[i + 1]! | 0) - 1 - columnStart) | 0;
    if (row < top) top = row;
    if (lastRow > bottom) bottom = lastRow;
  }
  if (bottom >= height) [top, bottom] = [0, height - 1]; // a run reaches into the next column
  const left = Math.min(width, Math.floor(ends[start]! / height));
  const right = Math.floor((ends[stop - 1]! - 1) / height);
  writeBox(boxes, at, left, top, right, bottom);
}

/**
 * The box of any runs as COCO works it out: in 32-bit unsigned numbers, and with the first and last pixel of every run inside,
 * also of an empty one, whose last pixel comes before its first.
 */
function boxOfAny({ ends, start, length }: Runs, height: number, width: number, boxes: Float64Array, at: number): void {
  const stop = start + (length & ~1);
  let [left, top, right, bottom] = [width, height, 0, 0];
  let firstColumn = 0;
  for (let i = start; i < stop; i++) {
    const isLast = (i - start) % 2 === 1;
    const pixel = (ends[i]! - Number(isLast)) >>> 0;
    const row = pixel % height;
    const column = (pixel - row) / height;
    if (!isLast) firstColumn = column;
    else if (firstColumn < column) [top, bottom] = [0, height - 1];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  writeBox(boxes, at, left, top, right, bottom);
}

/** Writes the box between pixels, both of which are part of it. */
function writeBox(boxes: Float64Array, at: number, left: number, top: number, right: number, bottom: number): void {
  boxes[at] = left;
  boxes[at + 1] = top;
  boxes[at + 2] = (right - left + 1) >>> 0;
  boxes[at + 3] = (bottom - top + 1) >>> 0;
}
