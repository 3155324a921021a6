import { type Buckets, countingSort } from "./counting-sort";
import { type IdIndex, idIndex } from "./id-index";

/** How categories become columns of the result, for annotations and detections alike. */
export type Grouping = {
  /** Columns K: the categories, or one for all of them. */
  readonly columns: number;
  readonly images: number;
  readonly imageIndex: IdIndex;
  /** Position of a category's first mention in `categoryIds`. */
  readonly categoryIndex: IdIndex;
  readonly useCategories: boolean;
  readonly categoryIds: Float64Array;
};

/** Makes the grouping of an evaluation. `imageIds` ascending and unique. */
export function grouping(imageIds: Float64Array, categoryIds: Float64Array, useCategories: boolean): Grouping {
  return {
    columns: useCategories ? categoryIds.length : 1,
    images: imageIds.length,
    imageIndex: idIndex(imageIds),
    categoryIndex: idIndex(categoryIds),
    useCategories,
    categoryIds,
  };
}

/** Column of every row; with pooled categories 0. -1 = not evaluated. */
export function columnsOf(categoryPositions: Int32Array, { useCategories }: Grouping): Int32Array {
  return useCategories ? categoryPositions : categoryPositions.map((position) => Math.min(position, 0));
}

/** `index` of every id. */
export function positionsOf(ids: ArrayLike<number>, index: IdIndex): Int32Array {
  const positions = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) positions[i] = index(ids[i]!);
  return positions;
}

/**
 * Pools categories as pycocotools does: the rows of each category in the order of `categoryIds`, one mentioned twice coming
 * twice. With `useCategories` the rows are left as they are.
 */
export function poolCategories(rows: Int32Array, categoryPositions: Int32Array, grouping: Grouping): Int32Array {
  const { categoryIds, categoryIndex, useCategories } = grouping;
  if (useCategories) return rows;
  const buckets: Buckets = countingSort(rows, categoryPositions, categoryIds.length);
  const parts = Array.from(categoryIds, (id) => {
    const position = categoryIndex(id);
    return buckets.rows.subarray(buckets.starts[position]!, buckets.starts[position + 1]!);
  });
  const pooled = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    pooled.set(part, at);
    at += part.length;
  }
  return pooled;
}
