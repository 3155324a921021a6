import type { NdArray } from "@lad/core";

/** Which cells of the last three axes and the first to take; absent = all. */
export type CellChoice = {
  readonly thresholds?: readonly number[];
  readonly columns?: readonly number[];
  readonly areas: readonly number[];
  readonly limits: readonly number[];
};

/** Copies the chosen cells of `[T, K, A, M]` or `[T, R, K, A, M]`, in the order of the axes. */
export function selectCells({ data, shape }: NdArray<Float64Array>, choice: CellChoice): Float64Array {
  const [thresholdCount, ...others] = shape as [number, ...number[]];
  const [columnCount, areaCount, limitCount] = others.slice(-3) as [number, number, number];
  const levels = shape.length === 5 ? others[0]! : 1;
  const { areas, limits, thresholds = range(thresholdCount), columns = range(columnCount) } = choice;
  const cells = columns.flatMap((k) => areas.flatMap((a) => limits.map((m) => (k * areaCount + a) * limitCount + m)));
  const chosen = new Float64Array(thresholds.length * levels * cells.length);
  for (const [i, t] of thresholds.entries()) {
    copyCells(data, t * levels, levels, columnCount * areaCount * limitCount, cells, chosen, i * levels * cells.length);
  }
  return chosen;
}

/** Copies cells of `levels` rows of the data, which have `width` cells, from row `first` on. */
function copyCells(
  data: Float64Array,
  first: number,
  levels: number,
  width: number,
  cells: readonly number[],
  chosen: Float64Array,
  at: number,
): void {
  for (let level = 0; level < levels; level++) {
    const [from, to] = [(first + level) * width, at + level * cells.length];
    for (let i = 0; i < cells.length; i++) chosen[to + i] = data[from + cells[i]!]!;
  }
}

/** 0 … count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Positions of the items that satisfy the test. */
export function positionsWhere<Item>(items: ArrayLike<Item>, test: (item: Item) => boolean): number[] {
  return range(items.length).filter((i) => test(items[i]!));
}
