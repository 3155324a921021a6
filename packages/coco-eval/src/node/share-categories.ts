import type { CocoDetections, CocoParameters } from "../coco-types";
import { positionsOf } from "../group-rows";
import { idIndex } from "../id-index";

/** Columns of the results (positions in `categoryIds`, ascending) for each thread, so that each has about as many detections. */
export function shareCategories(
  { categoryIds }: CocoParameters,
  detections: CocoDetections,
  threads: number,
): number[][] {
  const counts = new Int32Array(categoryIds.length);
  for (const column of positionsOf(detections.categoryIds, idIndex(categoryIds))) if (column >= 0) counts[column]!++;
  const shares = Array.from({ length: threads }, () => ({ load: 0, columns: [] as number[] }));
  for (const column of Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]!)) {
    const least = shares.reduce((best, share) => (share.load < best.load ? share : best));
    least.columns.push(column);
    least.load += 1 + counts[column]!;
  }
  return shares.map(({ columns }) => columns.sort((a, b) => a - b));
}
