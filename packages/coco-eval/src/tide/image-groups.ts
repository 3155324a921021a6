import type { CocoDetections, CocoGroundTruth } from "../coco-types";
import { type Buckets, countingSort } from "../counting-sort";
import { rowNumbers } from "../gather";
import { positionsOf } from "../group-rows";
import { idIndex } from "../id-index";
import { sortByScore } from "../sort-by-score";

/** Rows by image, in the order of the ground truth's images. */
export type ImageGroups = {
  readonly images: number;
  /** Detections best first, equal scores in file order, and how many of each image count. */
  readonly detections: Buckets;
  readonly limit: number;
  /** Annotations to be found, and crowd regions, in file order. */
  readonly objects: Buckets;
  readonly crowds: Buckets;
  /** Image of each row, -1: the ground truth lacks it. */
  readonly detectionImages: Int32Array;
  readonly annotationImages: Int32Array;
};

export function imageGroups(
  { images, annotations }: CocoGroundTruth,
  detections: CocoDetections,
  limit: number,
): ImageGroups {
  const index = idIndex(images.ids);
  const detectionImages = positionsOf(detections.imageIds, index);
  const annotationImages = positionsOf(annotations.imageIds, index);
  const { isCrowd } = annotations;
  const rows = rowNumbers(annotationImages.length);
  const byImage = (chosen: Int32Array, imageOf: Int32Array) => countingSort(chosen, imageOf, images.ids.length);
  return {
    images: images.ids.length,
    detections: byImage(sortByScore(rowNumbers(detectionImages.length), detections.scores), detectionImages),
    limit,
    objects: byImage(
      rows.filter((row) => isCrowd[row] !== 1),
      annotationImages,
    ),
    crowds: byImage(
      rows.filter((row) => isCrowd[row] === 1),
      annotationImages,
    ),
    detectionImages,
    annotationImages,
  };
}

/** Rows of one bucket. */
export function bucket({ rows, starts }: Buckets, index: number): Int32Array {
  return rows.subarray(starts[index]!, starts[index + 1]!);
}
