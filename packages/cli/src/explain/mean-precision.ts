import type { CocoEvaluation } from "@lad/coco-eval";

/** Places of IoU 0.5 and 0.75 among COCO's thresholds. */
export const at50 = 0;
export const at75 = 5;

/** Which entries of a result array to take; an index left out means all. */
export type Selection = {
  readonly threshold?: number;
  readonly level?: number;
  readonly category?: number;
  readonly area: number;
};

/** Mean of the measured precisions at the last detection limit; -1: none. Over all recall levels this is AP. */
export function meanPrecision({ precision: { data, shape } }: CocoEvaluation, selection: Selection): number {
  const [thresholds, levels, categories, areas, limits] = shape as [number, number, number, number, number];
  const at = (t: number, r: number, k: number) =>
    data[(((t * levels + r) * categories + k) * areas + selection.area) * limits + limits - 1]!;
  let [sum, count] = [0, 0];
  for (const t of chosen(selection.threshold, thresholds)) {
    for (const r of chosen(selection.level, levels)) {
      for (const k of chosen(selection.category, categories)) {
        const value = at(t, r, k);
        if (value < 0) continue;
        sum += value;
        count++;
      }
    }
  }
  return count === 0 ? -1 : sum / count;
}

function chosen(index: number | undefined, count: number): number[] {
  return index === undefined ? Array.from({ length: count }, (_, i) => i) : [index];
}
