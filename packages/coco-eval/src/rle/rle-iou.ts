import { type NdArray, ndArray } from "@lad/core";
import { type MaskGroup, maskGroup } from "./mask-group";
import { maskIou } from "./mask-iou";
import type { Rle } from "./rle-types";

/**
 * IoU of every detected mask with every annotated one, worked out on the runs. Of crowd regions it is intersection over the
 * detection's area. As in COCO, masks of different sizes give -1 (0 if their boxes do not overlap).
 * @param isCrowd of each annotation; none is one if absent. @returns `[D, G]`
 * @throws {LadError} INVALID_DATA if the counts of a mask do not add up to height · width.
 */
export function rleIou(
  detections: readonly Rle[],
  annotations: readonly Rle[],
  isCrowd?: ArrayLike<number | boolean>,
): NdArray<Float64Array> {
  const ious = ndArray(new Float64Array(detections.length * annotations.length), [
    detections.length,
    annotations.length,
  ]);
  fillIous(groupOf(detections), groupOf(annotations), (g) => Boolean(isCrowd?.[g]), ious.data);
  return ious;
}

function groupOf(rles: readonly Rle[]): MaskGroup {
  const group = maskGroup();
  for (const [i, { counts, size }] of rles.entries()) group.add(counts, size, () => `rleIou: mask ${i}`);
  return group;
}

/** Writes the IoU of every pair of two groups, `[D, G]`. */
export function fillIous(
  detections: MaskGroup,
  annotations: MaskGroup,
  isCrowd: (annotation: number) => boolean,
  out: Float64Array,
): void {
  let at = 0;
  for (let d = 0; d < detections.count(); d++) {
    for (let g = 0; g < annotations.count(); g++) {
      out[at++] = maskIou(detections.at(d), annotations.at(g), isCrowd(g));
    }
  }
}
