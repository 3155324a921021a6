import type { CocoDetections, CocoParameters } from "../coco-types";
import { idIndex } from "../id-index";

/** Detections that are counted, about: enough to know which categories have many, in a moment. */
const counted = 50_000;

/** What a detection costs on a thread other than the first, on which more code is compiled by then. */
const otherCost = 1.1;

/** Columns of the results (positions in `categoryIds`, ascending) for each thread, so that each has about as many detections. */
export function shareCategories(
  { categoryIds }: CocoParameters,
  detections: CocoDetections,
  threads: number,
): number[][] {
  const columnOf = idIndex(categoryIds);
  const counts = new Int32Array(categoryIds.length);
  const stride = Math.ceil(detections.categoryIds.length / counted);
  for (let row = 0; row < detections.categoryIds.length; row += stride) {
    const column = columnOf(detections.categoryIds[row]!);
    if (column >= 0) counts[column]!++;
  }
  const shares = Array.from({ length: threads }, (_, i) => ({
    load: 0,
    cost: i === 0 ? 1 : otherCost,
    columns: [] as number[],
  }));
  for (const column of Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]!)) {
    const least = shares.reduce((best, share) => (share.load < best.load ? share : best));
    least.columns.push(column);
    least.load += least.cost * (1 + counts[column]!);
  }
  return shares.map(({ columns }) => columns.sort((a, b) => a - b));
}
