import type { CocoDetections } from "./coco-types";
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

/** Groups and sorts the detections of the given columns; those of others are left out. */
export function groupDetections(
  detections: CocoDetections,
  grouping: Grouping,
  columns: readonly number[],
): GroupedDetections {
  const positions = positionsOf(detections.categoryIds, grouping.categoryIndex);
  const columnOfRow = columnsOf(positions, grouping);
  const rowOf = poolCategories(rowsOf(columns, columnOfRow, grouping.columns), positions, grouping);
  const columnOf = gather(columnOfRow, rowOf);
  const imageOf = imagesOf(detections.imageIds, rowOf, grouping);
  const scores = gatherDoubles(detections.scores, rowOf);
  const inImages = countingSort(rowNumbers(rowOf.length), imageOf, grouping.images).rows;
  const sorted = sortByScore(inImages, scores);
  const { rows: byScore, starts } = countingSort(sorted, columnOf, grouping.columns);
  const byImage = countingSort(countingSort(sorted, imageOf, grouping.images).rows, columnOf, grouping.columns).rows;
  return { rowOf, imageOf, byImage, byScore, starts };
}

/** Rows of the wanted columns, ascending. */
function rowsOf(wanted: readonly number[], columnOfRow: Int32Array, columns: number): Int32Array {
  const isWanted = new Uint8Array(columns);
  for (const column of wanted) isWanted[column] = 1;
  const rows = new Int32Array(columnOfRow.length);
  let length = 0;
  for (let row = 0; row < columnOfRow.length; row++) {
    const column = columnOfRow[row]!;
    if (column >= 0 && isWanted[column] === 1) rows[length++] = row;
  }
  return rows.subarray(0, length);
}

function imagesOf(imageIds: ArrayLike<number>, rows: Int32Array, { imageIndex }: Grouping): Int32Array {
  const images = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) images[i] = imageIndex(imageIds[rows[i]!]!);
  return images;
}
