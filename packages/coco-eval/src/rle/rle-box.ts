import type { MaskSize, Rle } from "./rle-types";

/** The smallest box around the mask, xywh px; zeros if it is empty. As in COCO, runs of length 0 inside are looked at too. */
export function rleBox({ size, counts }: Rle): [x: number, y: number, width: number, height: number] {
  const box: [number, number, number, number] = [0, 0, 0, 0];
  boxOfCounts(counts, counts.length, size, box, 0);
  return box;
}

/**
 * Writes the box of `length` counts to `boxes` from index `at` on. COCO counts in 32-bit unsigned numbers and takes the first
 * and last pixel of every run inside, also of an empty one (whose last pixel comes before its first).
 */
export function boxOfCounts(
  counts: Uint32Array,
  length: number,
  [height, width]: MaskSize,
  boxes: { [index: number]: number },
  at: number,
): void {
  const pairs = length >> 1;
  let [left, top, right, bottom] = [width, height, 0, 0];
  let position = 0;
  let column = 0;
  let columnStart = 0; // its first pixel
  for (let i = 0; i < pairs; i++) {
    const first = position + counts[2 * i]!;
    position = first + counts[2 * i + 1]!;
    const last = (position - 1) >>> 0;
    if (first < columnStart || first >= columnStart + 2 * height) {
      column = Math.floor(first / height);
      columnStart = column * height;
    } else if (first >= columnStart + height) {
      column++; // most runs are one column further than the last: no division
      columnStart += height;
    }
    const [x1, y1] = [column, first - columnStart];
    if (last < columnStart || last >= columnStart + height) {
      column = Math.floor(last / height);
      columnStart = column * height;
    }
    const y2 = last - columnStart;
    if (x1 < left) left = x1;
    if (column < left) left = column;
    if (x1 > right) right = x1;
    if (column > right) right = column;
    if (y1 < top) top = y1;
    if (y2 < top) top = y2;
    if (y1 > bottom) bottom = y1;
    if (y2 > bottom) bottom = y2;
    if (x1 < column) {
      top = 0;
      bottom = height - 1;
    }
  }
  const isEmpty = pairs === 0 || height === 0;
  boxes[at] = isEmpty ? 0 : left;
  boxes[at + 1] = isEmpty ? 0 : top;
  boxes[at + 2] = isEmpty ? 0 : (right - left + 1) >>> 0;
  boxes[at + 3] = isEmpty ? 0 : (bottom - top + 1) >>> 0;
}
