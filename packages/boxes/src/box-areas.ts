import { type NdArray, ndArray } from "@lad/core";
import { countBoxes } from "./count-boxes";
import { areaAt } from "./overlap";

/**
 * Areas (x2 - x1)(y2 - y1), px^2, in float32; negative where one side is.
 * @param boxes [N, 4] xyxy, px. @returns [N]
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function boxAreas(boxes: NdArray): NdArray {
  const count = countBoxes(boxes, "boxAreas");
  return ndArray(
    Float32Array.from({ length: count }, (_, row) => areaAt(boxes.data, row * 4)),
    [count],
  );
}
