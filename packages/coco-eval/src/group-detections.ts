import type { CocoDetections } from "./coco-types";
import { countingSort } from "./counting-sort";
import { gather, gatherDoubles, rowNumbers } from "./gather";
import { type Grouping, poolCategories } from "./group-rows";
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
  /** Score of each slot. */
  readonly scores: Float64Array;
  /** Slots by (column, image, descending score): the order of matching. */
  readonly byImage: Int32Array;
  /** Slots by (column, descending score, image): the order of accumulation. */
  readonly byScore: Int32Array;
  /** Where each column starts in both. `[K + 1]` */
  readonly starts: Int32Array;
};

/** What is known of each slot. */
type Slots = {
  readonly rowOf: Int32Array;
  readonly imageOf: Int32Array;
  readonly columnOf: Int32Array;
  readonly scores: Float64Array;
};

/** Groups and sorts the detections of the given columns; those of others are left out. */
export function groupDetections(
  detections: CocoDetections,
  grouping: Grouping,
  columns: readonly number[],
): GroupedDetections {
  const { rowOf, imageOf, columnOf, scores } = slotsOf(detections, grouping, columns);
  const inImages = countingSort(rowNumbers(rowOf.length), imageOf, grouping.images).rows;
  const sorted = sortByScore(inImages, scores);
  const { rows: byScore, starts } = countingSort(sorted, columnOf, grouping.columns);
  const byImage = countingSort(countingSort(sorted, imageOf, grouping.images).rows, columnOf, grouping.columns).rows;
  return { rowOf, imageOf, scores, byImage, byScore, starts };
}

/** The slots of the wanted columns, in the order of the detections; with pooled categories by category. */
function slotsOf(detections: CocoDetections, grouping: Grouping, columns: readonly number[]): Slots {
  if (grouping.useCategories) return selectSlots(detections, grouping, columns);
  const {
    rowOf,
    imageOf,
    columnOf: categoryOf,
    scores,
  } = selectSlots(detections, grouping, grouping.categoryIds.keys());
  const order = poolCategories(rowNumbers(rowOf.length), categoryOf, grouping);
  return {
    rowOf: gather(rowOf, order),
    imageOf: gather(imageOf, order),
    columnOf: new Int32Array(order.length),
    scores: gatherDoubles(scores, order),
  };
}

/** The detections of some categories, given by their positions. One loop for all: each loop is slow until it is compiled. */
function selectSlots(
  { categoryIds, imageIds, scores: scoreOf }: CocoDetections,
  { categoryIndex, imageIndex, categoryIds: categories }: Grouping,
  wanted: Iterable<number>,
): Slots {
  const isWanted = new Uint8Array(categories.length);
  for (const category of wanted) isWanted[category] = 1;
  const count = categoryIds.length;
  const [rowOf, imageOf, columnOf] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const scores = new Float64Array(count);
  let length = 0;
  for (let row = 0; row < count; row++) {
    const category = categoryIndex(categoryIds[row]!);
    if (category < 0 || isWanted[category] === 0) continue;
    rowOf[length] = row;
    columnOf[length] = category;
    imageOf[length] = imageIndex(imageIds[row]!);
    scores[length] = scoreOf[row]!;
    length++;
  }
  return {
    rowOf: rowOf.subarray(0, length),
    imageOf: imageOf.subarray(0, length),
    columnOf: columnOf.subarray(0, length),
    scores: scores.subarray(0, length),
  };
}
