import { LadError } from "@lad/core";
import { boxSimilarity, type Similarity } from "./box-similarity";
import type { CocoDetections, CocoGroundTruth, CocoParameters } from "./coco-types";
import { keypointSimilarity } from "./keypoint-similarity";
import { maskSimilarity } from "./mask-similarity";

/**
 * How rows of detections and annotations are compared in an evaluation.
 * @throws {LadError} INVALID_ARGUMENT if the masks or keypoints that it compares are not there.
 */
export function similarityOf(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections & { readonly boxes: Float64Array },
  { iouType, useCategories, keypointSigmas }: CocoParameters,
): Similarity {
  const { annotations } = groundTruth;
  if (iouType === "bbox") return boxSimilarity(detections.boxes, annotations.boxes, annotations.isCrowd);
  if (iouType === "segm") {
    const { masks } = annotations;
    if (masks === undefined) throw lacking("the ground truth", "masks", iouType);
    if (detections.masks === undefined) throw lacking("the detections", "masks", iouType);
    const detected = { masks: detections.masks, boxes: detections.boxes, imageIds: detections.imageIds };
    return maskSimilarity(detected, { ...groundTruth, annotations: { ...annotations, masks } });
  }
  if (annotations.keypoints === undefined) throw lacking("the ground truth", "keypoints", iouType);
  const { keypoints, scores } = detections;
  if (keypoints === undefined) throw lacking("the detections", "keypoints", iouType);
  // pycocotools looks pooled keypoints up under a category that is not there, so that nothing ever matches
  return useCategories ? keypointSimilarity({ keypoints, scores }, annotations, keypointSigmas) : noSimilarity;
}

function noSimilarity(detectionRows: Int32Array, annotationRows: Int32Array, out: Float64Array): void {
  out.fill(Number.NEGATIVE_INFINITY, 0, detectionRows.length * annotationRows.length);
}

function lacking(which: string, what: string, iouType: string): LadError {
  const hint = `files are read for it with { iouType: "${iouType}" }`;
  return new LadError("INVALID_ARGUMENT", `evaluateCoco: iouType "${iouType}" needs ${what} of ${which}; ${hint}`);
}
