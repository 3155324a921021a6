import { type NdArray, ndArray } from "@lad/core";
import { countBoxes } from "./count-boxes";

/**
 * COCO's corner and size to two corners.
 * @param boxes [N, 4] x, y, width, height, px. @returns a new [N, 4] xyxy
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function xywhToXyxy(boxes: NdArray): NdArray {
  const count = countBoxes(boxes, "xywhToXyxy");
  return ndArray(
    boxes.data.map((value, at) => (at % 4 < 2 ? value : boxes.data[at - 2]! + value)),
    [count, 4],
  );
}

/**
 * Two corners to COCO's corner and size.
 * @param boxes [N, 4] xyxy, px. @returns a new [N, 4] x, y, width, height
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function xyxyToXywh(boxes: NdArray): NdArray {
  const count = countBoxes(boxes, "xyxyToXywh");
  return ndArray(
    boxes.data.map((value, at) => (at % 4 < 2 ? value : value - boxes.data[at - 2]!)),
    [count, 4],
  );
}
