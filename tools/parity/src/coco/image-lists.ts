import type { CocoEvaluation, CocoGroundTruth } from "@lad/coco-eval";
import type { CocoImage, imageLists } from "./read-case";

/** Our matches of an image in the reference's terms: ids instead of rows, ignored annotations last, 0 for none. */
export function imageOf(
  evaluation: CocoEvaluation,
  { annotations }: CocoGroundTruth,
  { image_id, category_id, aRng, ious }: CocoImage,
): Record<(typeof imageLists)[number], unknown> {
  const found = evaluation.imageMatches(image_id, category_id);
  const area = found.areaRanges.find(({ areaRange }) => areaRange.min === aRng[0] && areaRange.max === aRng[1])!;
  const order = [...found.annotations.keys()].sort((a, b) => area.ignoredAnnotation[a]! - area.ignoredAnnotation[b]!);
  const [detections, gts] = found.ious.shape as [number, number];
  const gtId = (gt: number) => (gt < 0 ? 0 : annotations.ids[found.annotations[gt]!]!);
  const dtId = (detection: number) => (detection < 0 ? 0 : found.detections[detection]! + 1);
  const perThreshold = (data: ArrayLike<number>, count: number, at: (row: number) => number[]) =>
    [...evaluation.parameters.iouThresholds].map((_, t) => at(t * count).map((index) => data[index]!));
  const all = (count: number) => (start: number) => Array.from({ length: count }, (_, index) => start + index);
  return {
    dtIds: [...found.detections].map((row) => row + 1),
    gtIds: order.map(gtId),
    dtMatches: perThreshold(area.matchedAnnotation.data, detections, all(detections)).map((row) => row.map(gtId)),
    gtMatches: perThreshold(area.matchedDetection.data, gts, (start) => order.map((gt) => start + gt)).map((row) =>
      row.map(dtId),
    ),
    dtIgnore: perThreshold(area.ignoredDetection.data, detections, all(detections)),
    gtIgnore: order.map((gt) => area.ignoredAnnotation[gt]!),
    ious: ious ? [...found.ious.data] : [],
  };
}
