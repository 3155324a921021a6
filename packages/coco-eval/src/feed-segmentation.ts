import { isNumbers } from "./is-numbers";
import { feedCounts } from "./scan-counts";
import type { Segmentation } from "./segmentation-field";

/** Takes a `segmentation` that is an object already, as `JSON.parse` makes it, into an empty `value`. */
export function feedSegmentation(given: unknown, value: Segmentation): void {
  value.kind = "unusable";
  if (Array.isArray(given)) feedPolygons(given, value);
  else if (typeof given === "object" && given !== null) feedRle(given, value);
}

function feedRle({ size, counts }: { readonly size?: unknown; readonly counts?: unknown }, value: Segmentation): void {
  value.hasSize = isNumbers(size) && size.length === 2;
  if (value.hasSize) value.size.set(size as ArrayLike<number>);
  if (typeof counts === "string") {
    feedCounts(counts, value.compressed);
    value.kind = "compressed";
  } else if (isNumbers(counts)) {
    value.numbers.pushAll(counts);
    value.kind = "counts";
  }
}

function feedPolygons(polygons: readonly unknown[], value: Segmentation): void {
  if (polygons.length === 0 || !polygons.every(isNumbers)) return;
  for (const points of polygons as readonly ArrayLike<number>[]) {
    value.numbers.pushAll(points);
    value.ends.push(value.numbers.count());
  }
  value.kind = "polygons";
}
