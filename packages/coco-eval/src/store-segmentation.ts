import { LadError } from "@lad/core";
import type { MaskColumn } from "./mask-column";
import { mergeRles } from "./rle/merge-rles";
import { rasterizePolygon } from "./rle/rasterize-polygon";
import type { MaskSize } from "./rle/rle-types";
import type { Segmentation } from "./segmentation-field";

/** What a mask must be for COCO to read it, for messages. */
export const usableMask =
  "polygons (the first of at least 6 numbers) with the image's height and width known, or { size, counts } that add up";

/** Numbers that make a polygon; COCO takes four for a box and fails. */
const leastNumbers = 6;

/**
 * Appends a record's mask to the column, or that it has none or none that can be used. Polygons are drawn on an image of
 * `imageSize` (undefined: not known) and united.
 */
export function storeSegmentation(value: Segmentation, masks: MaskColumn, imageSize: MaskSize | undefined): void {
  const size = sideLengths(value.size.view());
  const counts = value.numbers.view();
  if (value.kind === "none") masks.pushNone();
  else if (value.kind === "polygons" && imageSize && value.ends.view()[0]! >= leastNumbers) {
    storePolygons(value, masks, imageSize);
  } else if (value.kind === "compressed" && size) masks.pushBytes(value.bytes, size);
  else if (value.kind === "counts" && size && counts.every(isCount)) masks.pushCounts(counts, counts.length, size);
  else masks.pushUnusable();
}

function storePolygons({ numbers, ends }: Segmentation, masks: MaskColumn, size: MaskSize): void {
  const [points, stops] = [numbers.view(), ends.view()];
  try {
    const parts = Array.from(stops, (stop, i) => points.subarray(i === 0 ? 0 : stops[i - 1]!, stop));
    const { counts } = mergeRles(parts.map((part) => ({ size, counts: rasterizePolygon(part, size) })));
    masks.pushCounts(counts, counts.length, size);
  } catch (error) {
    if (!LadError.is(error)) throw error;
    masks.pushUnusable();
  }
}

/** Height and width if there are two that a mask can have. */
function sideLengths(size: Float64Array): MaskSize | undefined {
  const [height, width] = size as unknown as [number, number];
  const fine = size.length === 2 && isCount(height) && isCount(width) && height * width < 2 ** 32;
  return fine ? [height, width] : undefined;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
