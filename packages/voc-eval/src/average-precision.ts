import type { VocInterpolation } from "./voc-types";

const { fround, max } = Math;

/**
 * Average precision of a curve; the result is rounded to float32. 0 of an empty curve.
 * @param recall [D], ascending. @param precision [D]
 * Numerics follow mmdet 2.10 `average_precision`.
 */
export function averagePrecision(
  recall: Float64Array,
  precision: Float32Array,
  interpolation: VocInterpolation,
): number {
  return interpolation === "area" ? areaUnder(recall, precision) : elevenPoints(recall, precision);
}

/** Sum of recall steps times the best precision from there on. */
function areaUnder(recall: Float64Array, precision: Float32Array): number {
  const envelope = precision.slice();
  for (let i = envelope.length - 2; i >= 0; i--) envelope[i] = max(envelope[i]!, envelope[i + 1]!);
  let area = 0;
  for (let i = 0; i < recall.length; i++) area += (recall[i]! - (i > 0 ? recall[i - 1]! : 0)) * envelope[i]!;
  return fround(area);
}

/** Mean over recall levels 0, 0.1, … 1 of the best precision at that recall or a higher one, in float32. */
function elevenPoints(recall: Float64Array, precision: Float32Array): number {
  let sum = 0;
  for (let level = 0; level <= 10; level++) {
    let best = 0;
    for (let i = recall.length - 1; i >= 0 && recall[i]! >= level * 0.1; i--) best = max(best, precision[i]!);
    sum = fround(sum + best);
  }
  return fround(sum / 11);
}
