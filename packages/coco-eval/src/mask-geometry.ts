import { LadError } from "@lad/core";
import type { CocoMasks } from "./coco-types";
import { measureRuns } from "./rle/measure-runs";
import { expandCounts } from "./rle/rle-string";
import { sumRuns } from "./rle/sum-runs";

/** Boxes around masks, `[N * 4]` xywh, and their pixels, `[N]`. @throws {LadError} INVALID_DATA for a row without mask. */
export function maskGeometry(
  { sizes, counts, starts }: CocoMasks,
  name: (row: number) => string,
): { boxes: Float64Array; areas: Float64Array } {
  const rows = sizes.length / 2;
  const [boxes, areas] = [new Float64Array(4 * rows), new Float64Array(rows)];
  let runs = new Uint32Array(256);
  for (let row = 0; row < rows; row++) {
    if (sizes[2 * row]! < 0) {
      const hint = "without bbox, every detection must have compressed counts";
      throw new LadError("INVALID_DATA", `${name(row)} has no "segmentation" that can be used; ${hint}`);
    }
    const [start, end] = [starts[row]!, starts[row + 1]!];
    if (runs.length < end - start) runs = new Uint32Array(2 * (end - start));
    const length = expandCounts(() => name(row), counts, start, end, runs, 0);
    const isPlain = sumRuns(runs, 0, length);
    const size = [sizes[2 * row]!, sizes[2 * row + 1]!] as const;
    areas[row] = measureRuns({ ends: runs, start: 0, length, isPlain }, size, boxes, 4 * row);
  }
  return { boxes, areas };
}
