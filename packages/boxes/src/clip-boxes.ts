import { type NdArray, ndArray, type Size } from "@lad/core";
import { countBoxes } from "./count-boxes";

/**
 * Boxes cut to an image: x into [0, width], y into [0, height].
 * @param boxes [N, 4] xyxy, px. @returns a new [N, 4]
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function clipBoxes(boxes: NdArray, { width, height }: Size): NdArray {
  countBoxes(boxes, "clipBoxes");
  return ndArray(
    boxes.data.map((value, at) => Math.min(Math.max(value, 0), at % 2 === 0 ? width : height)),
    boxes.shape,
  );
}
