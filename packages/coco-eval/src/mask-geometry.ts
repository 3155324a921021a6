import { LadError } from "@lad/core";
import type { CocoMasks } from "./coco-types";
import { measureRuns } from "./rle/measure-runs";
import { expandCounts } from "./rle/rle-string";
import type { MaskSize } from "./rle/rle-types";
import { sumRuns } from "./rle/sum-runs";

/** Writes the box around a mask, xywh px, to `boxes` from index `at` on and returns the mask's pixels. `[start, end)` in `counts` are its own. */
type MeasureMask = (
  counts: Uint8Array,
  start: number,
  end: number,
  size: MaskSize,
  boxes: Float64Array,
  at: number,
  name: () => string,
) => number;

/** Makes a function that measures masks, one after the other. It throws INVALID_DATA for a mask that cannot be read. */
export function maskMeasurer(): MeasureMask {
  let runs = new Uint32Array(256);
  return (counts, start, end, size, boxes, at, name) => {
    if (size[0] < 0) {
      const hint = "without bbox, every detection must have compressed counts";
      throw new LadError("INVALID_DATA", `${name()} has no "segmentation" that can be used; ${hint}`);
    }
    if (runs.length < end - start) runs = new Uint32Array(2 * (end - start));
    const length = expandCounts(name, counts, start, end, runs, 0);
    const isPlain = sumRuns(runs, 0, length);
    return measureRuns({ ends: runs, start: 0, length, isPlain }, size, boxes, at);
  };
}

/** Boxes around masks, `[N * 4]` xywh, and their pixels, `[N]`. @throws {LadError} INVALID_DATA for a row without mask. */
export function maskGeometry(
  { sizes, counts, starts }: CocoMasks,
  name: (row: number) => string,
): { boxes: Float64Array; areas: Float64Array } {
  const rows = sizes.length / 2;
  const [boxes, areas] = [new Float64Array(4 * rows), new Float64Array(rows)];
  const measure = maskMeasurer();
  for (let row = 0; row < rows; row++) {
    const size = [sizes[2 * row]!, sizes[2 * row + 1]!] as const;
    areas[row] = measure(counts, starts[row]!, starts[row + 1]!, size, boxes, 4 * row, () => name(row));
  }
  return { boxes, areas };
}
