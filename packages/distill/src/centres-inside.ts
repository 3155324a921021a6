import { countBoxes } from "@lad/boxes";
import type { NdArray } from "@lad/core";

/**
 * A byte an anchor: does its centre lie strictly inside one of the boxes?
 * @param anchors [A, 4] xyxy, px. @param boxes [G, 4] xyxy, px.
 */
export function centresInside(anchors: NdArray, boxes: NdArray): Uint8Array {
  const inside = new Uint8Array(countBoxes(anchors, "centresInside", "anchors"));
  const gts = countBoxes(boxes, "centresInside");
  for (let anchor = 0; anchor < inside.length; anchor++) {
    const x = Math.fround(anchors.data[anchor * 4]! + anchors.data[anchor * 4 + 2]!) / 2;
    const y = Math.fround(anchors.data[anchor * 4 + 1]! + anchors.data[anchor * 4 + 3]!) / 2;
    for (let gt = 0; gt < gts && !inside[anchor]; gt++) {
      const [x1, y1, x2, y2] = [0, 1, 2, 3].map((side) => boxes.data[gt * 4 + side]!) as [
        number,
        number,
        number,
        number,
      ];
      if (x > x1 && x < x2 && y > y1 && y < y2) inside[anchor] = 1;
    }
  }
  return inside;
}
