import type { CocoDetections, CocoGroundTruth } from "@lad/coco-eval";
import type { TideDiagnosis } from "@lad/coco-eval/tide";

/** What was found where objects are: `counts[object's class][what]`. */
export type Confusion = {
  /** Classes, then "background": detections where nothing is. */
  readonly rows: readonly string[];
  /** Classes, then "misplaced" (a box of the right class that fits too badly) and "missed". */
  readonly columns: readonly string[];
  readonly counts: readonly (readonly number[])[];
};

/** Detections of a score below this do not count as found where nothing is. */
const minScore = 0.3;

/**
 * Every object that is to be found once: as the class of the detection that found it, else of the best one that mistakes it for another
 * class, else misplaced or missed; and the detections from score 0.3 on that lie on background.
 */
export function confusion(
  { annotations, categories }: CocoGroundTruth,
  detections: CocoDetections,
  diagnosis: TideDiagnosis,
): Confusion {
  const classes = categories.names.length;
  const indexOf = new Map(Array.from(categories.ids, (id, index) => [id, index] as const));
  const counts = Array.from({ length: classes + 1 }, () => new Array<number>(classes + 2).fill(0));
  const [misplaced, missed] = [classes, classes + 1];
  const seenAs = new Int32Array(diagnosis.annotations.length).fill(missed);
  const byScore = [...detections.scores.keys()].sort((a, b) => detections.scores[a]! - detections.scores[b]!);
  for (const row of byScore) {
    const outcome = diagnosis.detections.outcomes[row]!;
    const object = diagnosis.detections.annotations[row]!;
    const label = indexOf.get(detections.categoryIds[row]!);
    if (label === undefined) continue;
    // the best detection at an object is looked at last and stays
    if (outcome === "TP" || (outcome === "Cls" && diagnosis.annotations[object] === "Covered")) seenAs[object] = label;
    else if (outcome === "Loc" && diagnosis.annotations[object] === "Covered") seenAs[object] = misplaced;
    else if (outcome === "Bkg" && detections.scores[row]! >= minScore && !diagnosis.detections.ignored[row]) {
      counts[classes]![label]!++;
    }
  }
  diagnosis.annotations.forEach((outcome, object) => {
    const label = indexOf.get(annotations.categoryIds[object]!);
    if (label === undefined || outcome === "crowd" || outcome === "dropped") return;
    counts[label]![seenAs[object]!]!++;
  });
  return {
    rows: [...categories.names, "background"],
    columns: [...categories.names, "misplaced", "missed"],
    counts,
  };
}
