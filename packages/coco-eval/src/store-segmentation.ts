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
 * Appends a record's mask to the column, or that it has none or none that can be used. Polygons are drawn on the record's
 * image and united.
 */
export function storeSegmentation(
  value: Segmentation,
  masks: MaskColumn,
  sizeOf: (imageId: number) => MaskSize | undefined,
  imageId: number,
): void {
  if (value.kind === "none") masks.pushNone();
  else if (value.kind === "polygons") storePolygons(value, masks, sizeOf(imageId));
  else if (value.kind === "unusable" || !value.hasSize || !canBeSize(value.size)) masks.pushUnusable();
  else if (value.kind === "compressed") masks.pushBytes(value.compressed.bytes, value.compressed.length, value.size);
  else storeCounts(value.numbers.view(), masks, value.size);
}

function storeCounts(counts: Float64Array, masks: MaskColumn, size: Float64Array): void {
  if (counts.every(isCount)) masks.pushCounts(counts, counts.length, size);
  else masks.pushUnusable();
}

function storePolygons({ numbers, ends }: Segmentation, masks: MaskColumn, size: MaskSize | undefined): void {
  const [points, stops] = [numbers.view(), ends.view()];
  if (size === undefined || !(stops[0]! >= leastNumbers)) {
    masks.pushUnusable();
    return;
  }
  try {
    const parts = Array.from(stops, (stop, i) => points.subarray(i === 0 ? 0 : stops[i - 1]!, stop));
    const { counts } = mergeRles(parts.map((part) => ({ size, counts: rasterizePolygon(part, size) })));
    masks.pushCounts(counts, counts.length, size);
  } catch (error) {
    if (!LadError.is(error)) throw error;
    masks.pushUnusable();
  }
}

/** Whether a mask can have this height and width. */
function canBeSize(size: Float64Array): boolean {
  return isCount(size[0]!) && isCount(size[1]!) && size[0]! * size[1]! < 2 ** 32;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
