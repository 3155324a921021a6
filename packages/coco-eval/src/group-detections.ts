import { checkDetections } from "./check-detections";
import type { CocoDetections, CocoGroundTruth } from "./coco-types";
import { countingSort } from "./counting-sort";
import { gather, gatherDoubles, rowNumbers } from "./gather";
import { columnsOf, type Grouping, poolCategories, positionsOf } from "./group-rows";
import { sortByScore } from "./sort-by-score";

/**
 * The detections that are evaluated, in the two orders pycocotools uses. A "slot" is a mention of a detection (one for each
 * detection, unless pooled categories repeat).
 */
export type GroupedDetections = {
  /** Detection row of each slot. */
  readonly rowOf: Int32Array;
  /** Image of each slot. */
  readonly imageOf: Int32Array;
  /** Slots by (column, image, descending score): the order of matching. */
  readonly byImage: Int32Array;
  /** Slots by (column, descending score, image): the order of accumulation. */
  readonly byScore: Int32Array;
  /** Where each column starts in both. `[K + 1]` */
  readonly starts: Int32Array;
};

/**
 * Sorts all detections once by score; the orders per column and per image follow from it by stable counting sorts.
 * Detections of other than the given columns are left out.
 * @throws {LadError} SHAPE_MISMATCH, NON_FINITE, or INVALID_DATA for an image that the ground truth does not know.
 */
export function groupDetections(
  detections: CocoDetections & { readonly boxes: Float64Array },
  groundTruth: CocoGroundTruth,
  grouping: Grouping,
  columns: readonly number[],
): GroupedDetections {
  checkDetections(detections, groundTruth);
  const imageOfRow = positionsOf(detections.imageIds, grouping.imageIndex);
  const positions = positionsOf(detections.categoryIds, grouping.categoryIndex);
  const rowOf = poolCategories(rowNumbers(positions.length), positions, grouping);
  const columnOf = gather(columnsOf(positions, grouping), rowOf);
  const imageOf = gather(imageOfRow, rowOf);
  leaveOut(imageOf, columnOf, grouping.columns, columns);
  const inImages = countingSort(rowNumbers(rowOf.length), imageOf, grouping.images).rows;
  const sorted = sortByScore(inImages, gatherDoubles(detections.scores, rowOf));
  const { rows: byScore, starts } = countingSort(sorted, columnOf, grouping.columns);
  const sortedInImages = countingSort(sorted, imageOf, grouping.images).rows;
  const byImage = countingSort(sortedInImages, columnOf, grouping.columns).rows;
  return { rowOf, imageOf, byImage, byScore, starts };
}

/** Marks slots of columns that are not wanted as on no image, before anything is sorted. */
function leaveOut(imageOf: Int32Array, columnOf: Int32Array, count: number, wanted: readonly number[]): void {
  const isWanted = new Uint8Array(count);
  for (const column of wanted) isWanted[column] = 1;
  for (let slot = 0; slot < columnOf.length; slot++) if (isWanted[columnOf[slot]!] !== 1) imageOf[slot] = -1;
}
