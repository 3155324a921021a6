import { LadError } from "@lad/core";
import type { CocoDetections, CocoGroundTruth } from "./coco-types";
import { idIndex } from "./id-index";
import { UNUSABLE_MASK } from "./mask-column";
import { usableMask } from "./store-segmentation";

/** @throws {LadError} SHAPE_MISMATCH, NON_FINITE, or INVALID_DATA for an unknown image or a mask that cannot be read. */
export function checkDetections(
  detections: CocoDetections & { readonly boxes: Float64Array },
  { images }: CocoGroundTruth,
): void {
  checkLengths(detections);
  const { imageIds, boxes, scores, masks } = detections;
  const known = idIndex(images.ids);
  for (let row = 0; row < scores.length; row++) {
    if (known(imageIds[row]!) < 0) {
      const what = `detection ${row} is on image id ${imageIds[row]}, which is not there`;
      throw new LadError("INVALID_DATA", `evaluateCoco: ${what}; the results do not belong to this ground truth`);
    }
    if (!Number.isFinite(scores[row]!)) throw notFinite(`the score of detection ${row}`, scores[row]!);
    if (masks?.sizes[2 * row] === UNUSABLE_MASK) {
      throw new LadError("INVALID_DATA", `evaluateCoco: detection ${row} needs a "segmentation": ${usableMask}`);
    }
  }
  for (let i = 0; i < boxes.length; i++) {
    if (!Number.isFinite(boxes[i]!)) throw notFinite(`the box of detection ${i >> 2}`, boxes[i]!);
  }
}

function checkLengths({ imageIds, categoryIds, boxes, scores, areas, masks }: CocoDetections): void {
  const count = scores.length;
  const lengths = [imageIds.length, categoryIds.length, (boxes?.length ?? 0) / 4];
  if (lengths.some((length) => length !== count)) {
    const got = `imageIds ${imageIds.length}, categoryIds ${categoryIds.length}, boxes ${boxes?.length}, scores ${count}`;
    throw new LadError("SHAPE_MISMATCH", `evaluateCoco: detections must hold N, N, 4 N, N numbers, got ${got}`);
  }
  if ((areas?.length ?? count) === count && (masks?.sizes.length ?? 2 * count) === 2 * count) return;
  const got = `areas ${areas?.length}, sizes of masks ${masks?.sizes.length}`;
  throw new LadError(
    "SHAPE_MISMATCH",
    `evaluateCoco: ${count} detections must have as many areas and masks, got ${got}`,
  );
}

function notFinite(what: string, value: number): LadError {
  return new LadError("NON_FINITE", `evaluateCoco: ${what} must be finite, got ${value}`);
}
