import type { CocoDetections, CocoEvaluation, CocoGroundTruth } from "@lad/coco-eval";
import { type TideDiagnosis, type TideKind, tideKinds } from "@lad/coco-eval/tide";
import { at75, meanPrecision } from "./mean-precision";

/** One class: COCO's numbers (0…1, -1 = nothing to measure), what it has, and its errors by kind. */
export type ClassRow = {
  readonly name: string;
  readonly objects: number;
  readonly detections: number;
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly APs: number;
  readonly APm: number;
  readonly APl: number;
  readonly AR: number;
  /** Errors count for the class of the detection, missed objects for their own. */
  readonly errors: Readonly<Record<TideKind, number>>;
};

export function classRows(
  { annotations, categories }: CocoGroundTruth,
  detections: CocoDetections,
  evaluation: CocoEvaluation,
  diagnosis: TideDiagnosis,
): ClassRow[] {
  const tally = new Map<number, Tally>();
  for (const id of categories.ids) tally.set(id, { detections: 0, errors: emptyErrors() });
  diagnosis.detections.outcomes.forEach((outcome, row) => {
    const own = tally.get(detections.categoryIds[row]!);
    if (!own) return;
    own.detections++;
    if (outcome !== "TP" && outcome !== "cut" && outcome !== "dropped") own.errors[outcome]++;
  });
  diagnosis.annotations.forEach((outcome, row) => {
    if (outcome === "Miss") tally.get(annotations.categoryIds[row]!)!.errors.Miss++;
  });
  return evaluation.perClass.map(({ categoryId, name, ap, ap50, ar }, category) => {
    const own = tally.get(categoryId)!;
    const area = (index: number) => meanPrecision(evaluation, { category, area: index });
    return {
      name,
      objects: diagnosis.positives.get(categoryId) ?? 0,
      detections: own.detections,
      ...{ AP: ap, AP50: ap50, AP75: meanPrecision(evaluation, { category, area: 0, threshold: at75 }) },
      ...{ APs: area(1), APm: area(2), APl: area(3), AR: ar },
      errors: own.errors,
    };
  });
}

type Tally = { detections: number; readonly errors: Record<TideKind, number> };

function emptyErrors(): Record<TideKind, number> {
  return Object.fromEntries(tideKinds.map((kind) => [kind, 0])) as Record<TideKind, number>;
}
