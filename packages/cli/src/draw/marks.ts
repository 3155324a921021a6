import type { Detections, NdArray } from "@lad/core";
import { colorOf } from "./colors";
import type { Mark } from "./draw-panels";

/** Detections from a score on, best last (on top), with class and score. */
export function detectionMarks(
  { boxes, scores, labels }: Detections,
  classes: readonly string[],
  { minScore = 0.3 }: { readonly minScore?: number } = {},
): Mark[] {
  return Array.from(scores, (score, index) => ({ score, index }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => a.score - b.score)
    .map(({ score, index }) => {
      const label = labels[index]!;
      return {
        box: boxOf(boxes, index),
        color: colorOf(label),
        text: `${classes[label] ?? label} ${score.toFixed(2)}`,
      };
    });
}

/** Ground-truth boxes with their class. */
export function truthMarks(boxes: NdArray, labels: Int32Array, classes: readonly string[]): Mark[] {
  return Array.from(labels, (label, index) => ({
    box: boxOf(boxes, index),
    color: colorOf(label),
    text: classes[label] ?? String(label),
  }));
}

export function boxOf({ data }: { readonly data: ArrayLike<number> }, index: number): Mark["box"] {
  return [data[index * 4]!, data[index * 4 + 1]!, data[index * 4 + 2]!, data[index * 4 + 3]!];
}
