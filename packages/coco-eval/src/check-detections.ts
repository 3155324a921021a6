import { LadError } from "@lad/core";
import { checkNumbers } from "./check-numbers";
import type { CocoDetections, CocoGroundTruth } from "./coco-types";
import { idIndex } from "./id-index";
import { UNUSABLE_MASK } from "./mask-column";
import { usableMask } from "./store-segmentation";

/**
 * Checks the rows from `start` to before `end`: threads share the work.
 * @throws {LadError} SHAPE_MISMATCH, NON_FINITE, or INVALID_DATA for an unknown image or a mask that cannot be read.
 */
export function checkDetections(
  detections: CocoDetections,
  { images }: CocoGroundTruth,
  start = 0,
  end = detections.scores.length,
): void {
  const { imageIds, masks } = detections;
  checkNumbers("evaluateCoco", detections, start, end);
  const known = idIndex(images.ids);
  for (let row = start; row < end; row++) {
    if (known(imageIds[row]!) < 0) {
      const what = `detection ${row} is on image id ${imageIds[row]}, which is not there`;
      throw new LadError("INVALID_DATA", `evaluateCoco: ${what}; the results do not belong to this ground truth`);
    }
    if (masks?.sizes[2 * row] === UNUSABLE_MASK) {
      throw new LadError("INVALID_DATA", `evaluateCoco: detection ${row} needs a "segmentation": ${usableMask}`);
    }
  }
}
