import { LadError } from "@lad/core";
import type { Similarity } from "./box-similarity";
import type { CocoGroundTruth, CocoMasks } from "./coco-types";
import { imageSizes } from "./image-sizes";
import { NO_MASK } from "./mask-column";
import { type MaskGroup, maskGroup } from "./rle/mask-group";
import { rleFromBox } from "./rle/rle-from-box";
import { fillIous } from "./rle/rle-iou";

/** Detections whose masks are compared. A row without mask is the rectangle of its box on its image. */
export type MaskedDetections = {
  readonly masks: CocoMasks;
  readonly boxes: Float64Array;
  readonly imageIds: ArrayLike<number>;
};

/**
 * IoU of masks as pycocotools computes it, on the run lengths; of a crowd region intersection over the detection's area.
 * @throws {LadError} INVALID_DATA when it is asked for a mask that cannot be read.
 */
export function maskSimilarity(
  detections: MaskedDetections,
  { annotations, images }: CocoGroundTruth & { readonly annotations: { readonly masks: CocoMasks } },
): Similarity {
  const { isCrowd, ids, masks } = annotations;
  const annotationName = (row: number) => `evaluateCoco: annotation id ${ids[row]}`;
  const detectionName = (row: number) => `evaluateCoco: detection ${row}`;
  const addAnnotation = adder(masks, annotationName);
  const addMask = adder(detections.masks, detectionName);
  const sizeOf = imageSizes(images);
  const addDetection = (row: number, group: MaskGroup) => {
    if (detections.masks.sizes[2 * row] !== NO_MASK) return addMask(row, group);
    const size = sizeOf(detections.imageIds[row]!);
    if (size === undefined) throw noSize(detectionName(row), detections.imageIds[row]!);
    const { counts } = rleFromBox(detections.boxes.subarray(4 * row, 4 * row + 4), size);
    group.add(counts, size, () => detectionName(row));
  };
  const [detectionGroup, annotationGroup] = [maskGroup(), maskGroup()];
  return (detectionRows, annotationRows, out) => {
    detectionGroup.clear();
    annotationGroup.clear();
    for (const row of detectionRows) addDetection(row, detectionGroup);
    for (const row of annotationRows) addAnnotation(row, annotationGroup);
    fillIous(detectionGroup, annotationGroup, (g) => isCrowd[annotationRows[g]!] === 1, out);
  };
}

function adder(
  { sizes, counts, starts }: CocoMasks,
  name: (row: number) => string,
): (row: number, group: MaskGroup) => void {
  return (row, group) => {
    const size = [sizes[2 * row]!, sizes[2 * row + 1]!] as const;
    group.addCompressed(counts, starts[row]!, starts[row + 1]!, size, () => name(row));
  };
}

function noSize(name: string, imageId: number): LadError {
  const why = "its box is drawn as a mask, for which the image must have height and width";
  return new LadError("INVALID_DATA", `${name}: image id ${imageId} has no size; ${why}`);
}
