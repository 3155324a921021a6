import { type NdArray, ndArray } from "@lad/core";
import { countBoxes } from "./count-boxes";

/**
 * Boxes of the image mirrored left to right: x1, x2 = width - x2, width - x1.
 * @param boxes [N, 4] xyxy, px. @param width of the image, px. @returns a new [N, 4]
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function flipBoxes(boxes: NdArray, width: number): NdArray {
  const count = countBoxes(boxes, "flipBoxes");
  const out = boxes.data.slice();
  for (let row = 0; row < count * 4; row += 4) {
    out[row] = width - boxes.data[row + 2]!;
    out[row + 2] = width - boxes.data[row]!;
  }
  return ndArray(out, [count, 4]);
}
