import { type NdArray, ndArray } from "@lad/core";
import { boxSimilarity } from "../box-similarity";
import { rowNumbers } from "../gather";

/**
 * IoU of every detected box with every annotated one, of crowd regions intersection over the detection's area: what COCO's
 * mask API gives for boxes.
 * @param detections `[D * 4]`, @param annotations `[G * 4]` xywh px. @param isCrowd of each annotation; none is one if absent.
 * @returns `[D, G]`
 */
export function boxIou(
  detections: ArrayLike<number>,
  annotations: ArrayLike<number>,
  isCrowd?: ArrayLike<number | boolean>,
): NdArray<Float64Array> {
  const shape = [detections.length >> 2, annotations.length >> 2] as const;
  const crowds = Uint8Array.from({ length: shape[1] }, (_, g) => Number(Boolean(isCrowd?.[g])));
  const ious = ndArray(new Float64Array(shape[0] * shape[1]), shape);
  const fill = boxSimilarity(Float64Array.from(detections), Float64Array.from(annotations), crowds);
  fill(rowNumbers(shape[0]), rowNumbers(shape[1]), ious.data);
  return ious;
}
