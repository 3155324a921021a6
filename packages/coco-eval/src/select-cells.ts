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
  let at = 0;
  for (const t of thresholds) {
    for (let r = 0; r < levels; r++) {
      const start = (t * levels + r) * columnCount * areaCount * limitCount;
      for (let i = 0; i < cells.length; i++) chosen[at++] = data[start + cells[i]!]!;
    }
  }
  return chosen;
}

/** 0 … count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Positions of the items that satisfy the test. */
export function positionsWhere<Item>(items: ArrayLike<Item>, test: (item: Item) => boolean): number[] {
  return range(items.length).filter((i) => test(items[i]!));
}
