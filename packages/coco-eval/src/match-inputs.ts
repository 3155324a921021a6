import type { CocoAnnotations, CocoDetections, CocoGroundTruth, CocoIouType, CocoParameters } from "./coco-types";
import { detectionGeometry } from "./detection-geometry";
import { gather, gatherDoubles } from "./gather";
import { groupAnnotations } from "./group-annotations";
import { groupDetections } from "./group-detections";
import type { Grouping } from "./group-rows";
import { labelledCount } from "./keypoint-similarity";
import type { MatchInputs } from "./match-column";
import { range } from "./select-cells";
import { similarityOf } from "./similarity-of";

/** Groups what an evaluation matches, of all columns or some, and checks its annotations. @throws {LadError} as `evaluateCoco`. */
export function matchInputs(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  parameters: CocoParameters,
  groups: Grouping,
  columns: readonly number[] = range(groups.columns),
): MatchInputs {
  const { annotations } = groundTruth;
  const { iouType } = parameters;
  const { boxes, areas } = detectionGeometry(detections, "evaluateCoco");
  const grouped = groupDetections(detections, groups, columns);
  const detectionRows = gather(grouped.rowOf, grouped.byImage);
  return {
    similarity: similarityOf(groundTruth, { ...detections, boxes }, parameters),
    annotationAreas: annotations.areas,
    isCrowd: annotations.isCrowd,
    isIgnored: ignoredAnnotations(annotations, iouType),
    thresholds: parameters.iouThresholds,
    areaRanges: parameters.areaRanges,
    detections: grouped,
    annotations: groupAnnotations(annotations, groups, iouType),
    detectionRows,
    detectionAreas: areas ? gatherDoubles(areas, detectionRows) : boxAreas(boxes, detectionRows),
    annotationIds: annotations.ids,
    limit: parameters.maxDetections[parameters.maxDetections.length - 1]!,
  };
}

/** w · h of the xywh boxes of some rows. */
function boxAreas(boxes: Float64Array, rows: Int32Array): Float64Array {
  const areas = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) areas[i] = boxes[4 * rows[i]! + 2]! * boxes[4 * rows[i]! + 3]!;
  return areas;
}

/** Crowds need not be found, nor objects without labelled keypoints where those are compared. */
function ignoredAnnotations({ isCrowd, keypoints, keypointCounts }: CocoAnnotations, iouType: CocoIouType): Uint8Array {
  if (iouType !== "keypoints" || !keypoints) return isCrowd;
  const length = keypoints.length / isCrowd.length;
  const isLabelled = (row: number) =>
    keypointCounts ? keypointCounts[row] !== 0 : labelledCount(keypoints, row * length, length) > 0;
  return isCrowd.map((crowd, row) => (crowd === 1 || !isLabelled(row) ? 1 : 0));
}
