import { LadError } from "@lad/core";
import type { CocoMasks } from "./coco-types";
import { boxOfCounts } from "./rle/rle-box";
import { expandCounts } from "./rle/rle-string";
import type { MaskSize } from "./rle/rle-types";

/** Reads masks of a column one at a time into the same room. */
export type MaskReader = {
  /**
   * The counts of a row that has a mask: the first `length` of `counts`, valid until the next call.
   * @throws {LadError} INVALID_DATA if its compressed counts are none.
   */
  read(row: number): { readonly counts: Uint32Array; readonly length: number; readonly size: MaskSize };
};

/** Makes a reader. `name` says whose mask a row is, in messages. */
export function maskReader({ sizes, counts: bytes, starts }: CocoMasks, name: (row: number) => string): MaskReader {
  let counts = new Uint32Array(256);
  return {
    read: (row) => {
      const [start, end] = [starts[row]!, starts[row + 1]!];
      if (counts.length < end - start) counts = new Uint32Array(2 * (end - start));
      const length = expandCounts(() => name(row), bytes, start, end, counts);
      return { counts, length, size: [sizes[2 * row]!, sizes[2 * row + 1]!] };
    },
  };
}

/** Boxes around masks, `[N * 4]` xywh, and their pixels, `[N]`. @throws {LadError} INVALID_DATA for a row without mask. */
export function maskGeometry(
  masks: CocoMasks,
  name: (row: number) => string,
): { boxes: Float64Array; areas: Float64Array } {
  const rows = masks.sizes.length / 2;
  const [boxes, areas] = [new Float64Array(4 * rows), new Float64Array(rows)];
  const reader = maskReader(masks, name);
  for (let row = 0; row < rows; row++) {
    if (masks.sizes[2 * row]! < 0) {
      const hint = "without bbox, every detection must have compressed counts";
      throw new LadError("INVALID_DATA", `${name(row)} has no "segmentation" that can be used; ${hint}`);
    }
    const { counts, length, size } = reader.read(row);
    boxOfCounts(counts, length, size, boxes, 4 * row);
    let area = 0;
    for (let i = 1; i < length; i += 2) area += counts[i]!;
    areas[row] = area;
  }
  return { boxes, areas };
}
