import type { NdArray, Size } from "@lad/core";

/** Per level, 1 at cells on objects: `[B·H·W]`. */
export type ObjectMasks = readonly Float32Array[];

/**
 * Cells on objects: a ground truth belongs to level floor(log2(sqrt((w + 1)(h + 1)) / 56 + 1e-6)), clamped to those there are, and covers its cells
 * floor(x1 / stride)…floor(x2 / stride) - 1, rows alike; at least one.
 */
export function objectMasks(
  boxes: readonly NdArray[],
  strides: readonly number[],
  sizes: readonly Size[],
): ObjectMasks {
  const masks = sizes.map(({ height, width }) => new Float32Array(boxes.length * height * width));
  boxes.forEach(({ data }, image) => {
    for (let at = 0; at < data.length; at += 4) {
      const [x1, y1, x2, y2] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
      const size = Math.sqrt((x2 - x1 + 1) * (y2 - y1 + 1));
      const level = Math.min(Math.max(Math.floor(Math.log2(size / 56 + 1e-6)), 0), sizes.length - 1);
      const { height, width } = sizes[level]!;
      const [columns, rows] = [span(x1, x2, strides[level]!, width), span(y1, y2, strides[level]!, height)];
      for (let y = rows[0]; y <= rows[1]; y++) {
        const row = (image * height + y) * width;
        masks[level]!.fill(1, row + columns[0], row + columns[1] + 1);
      }
    }
  });
  return masks;
}

/** First and last cell that a box's side covers. */
function span(low: number, high: number, stride: number, cells: number): readonly [number, number] {
  const within = (cell: number) => Math.min(Math.max(cell, 0), cells - 1);
  const first = within(Math.floor(low / stride));
  return [first, Math.max(first, within(Math.floor(high / stride) - 1))];
}
