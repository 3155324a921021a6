import type { CocoEvaluation, CocoGroundTruth } from "@lad/coco-eval";
import type { TideDiagnosis } from "@lad/coco-eval/tide";
import { at50, meanPrecision } from "./mean-precision";

/** Objects of one size: how many there are, what became of them, AP and AR (0…1, -1 = nothing to measure). */
export type SizeRow = {
  readonly name: string;
  readonly objects: number;
  readonly found: number;
  /** A detection is there, of another class or badly placed. */
  readonly covered: number;
  readonly missed: number;
  readonly AP: number;
  readonly AP50: number;
  readonly AR: number;
};

/** A row per area range of the evaluation; areas are the annotations' own, both limits included. */
export function sizeRows(
  { annotations }: CocoGroundTruth,
  evaluation: CocoEvaluation,
  diagnosis: TideDiagnosis,
): SizeRow[] {
  return evaluation.parameters.areaRanges.map(({ label, min, max }, area) => {
    const outcomes = diagnosis.annotations.filter(
      (_, row) => annotations.areas[row]! >= min && annotations.areas[row]! <= max,
    );
    const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
    const [found, covered, missed] = [count("Found"), count("Covered"), count("Miss")];
    return {
      name: label,
      ...{ objects: found + covered + missed, found, covered, missed },
      AP: meanPrecision(evaluation, { area }),
      AP50: meanPrecision(evaluation, { area, threshold: at50 }),
      AR: meanRecall(evaluation, area),
    };
  });
}

function meanRecall({ recall: { data, shape } }: CocoEvaluation, area: number): number {
  const [thresholds, categories, areas, limits] = shape as [number, number, number, number];
  let [sum, count] = [0, 0];
  for (let cell = 0; cell < thresholds * categories; cell++) {
    const value = data[(cell * areas + area) * limits + limits - 1]!;
    if (value < 0) continue;
    sum += value;
    count++;
  }
  return count === 0 ? -1 : sum / count;
}
