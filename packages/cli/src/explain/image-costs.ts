import type { CocoDetections, CocoGroundTruth } from "@lad/coco-eval";
import type { TideDiagnosis } from "@lad/coco-eval/tide";

export type ImageCost = {
  readonly id: number;
  /** Objects not found plus the scores of all false positives. */
  readonly cost: number;
  readonly notFound: number;
  readonly falsePositives: number;
};

/** What went wrong on every image, worst first. */
export function imageCosts(
  { images, annotations }: CocoGroundTruth,
  detections: CocoDetections,
  { annotations: objects, detections: found }: TideDiagnosis,
): ImageCost[] {
  const costs = new Map<number, { -readonly [Key in keyof ImageCost]: number }>();
  for (const id of images.ids) costs.set(id, { id, cost: 0, notFound: 0, falsePositives: 0 });
  objects.forEach((outcome, row) => {
    const own = costs.get(annotations.imageIds[row]!);
    if (!own || (outcome !== "Miss" && outcome !== "Covered")) return;
    own.notFound++;
    own.cost++;
  });
  found.outcomes.forEach((outcome, row) => {
    const own = costs.get(detections.imageIds[row]!);
    if (!own || outcome === "TP" || outcome === "cut" || found.ignored[row]) return;
    own.falsePositives++;
    own.cost += Math.max(0, detections.scores[row]!);
  });
  return [...costs.values()].sort((a, b) => b.cost - a.cost);
}
