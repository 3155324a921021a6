import { checkAnnotation } from "./check-annotation";
import type { CocoAnnotations, CocoIouType } from "./coco-types";
import { type Buckets, countingSort } from "./counting-sort";
import { rowNumbers } from "./gather";
import { columnsOf, type Grouping, poolCategories, positionsOf } from "./group-rows";
import { sortedUnique } from "./sorted-unique";

/** Annotation rows by (column, image), each group in pycocotools' order, and the image of every row. */
export type GroupedAnnotations = Buckets & { readonly imageOf: Int32Array };

/**
 * Groups the annotations that are evaluated. As in pycocotools, an annotation is looked up by its id, so of two with one id
 * the last in the file is seen twice, and the first not at all.
 * @throws {LadError} INVALID_DATA if an annotation that is evaluated lacks what the evaluation needs.
 */
export function groupAnnotations(
  annotations: CocoAnnotations,
  grouping: Grouping,
  iouType: CocoIouType,
): GroupedAnnotations {
  const { imageIndex, categoryIndex, images, columns, useCategories } = grouping;
  const imageOf = positionsOf(annotations.imageIds, imageIndex);
  const positions = positionsOf(annotations.categoryIds, categoryIndex);
  const all = rowNumbers(imageOf.length);
  const inFileOrder = countingSort(all, imageOf, images).rows;
  const chosen = useCategories ? inFileOrder.filter((row) => positions[row]! >= 0) : inFileOrder;
  const found = lastOfEachId(annotations.ids, chosen);
  const byImage = countingSort(poolCategories(found, positions, grouping), imageOf, images).rows;
  const groups = countingSort(byImage, columnsOf(positions, grouping), columns);
  for (let i = 0; i < groups.rows.length; i++) checkAnnotation(annotations, groups.rows[i]!, iouType);
  return { ...groups, imageOf };
}

/** Replaces each row by the last row of the whole file that has its id. */
function lastOfEachId(ids: ArrayLike<number>, rows: Int32Array): Int32Array {
  if (sortedUnique(ids).length === ids.length) return rows;
  const last = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) last.set(ids[row]!, row);
  return rows.map((row) => last.get(ids[row]!)!);
}
