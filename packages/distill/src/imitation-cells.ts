import { pairwiseIou } from "@lad/boxes";
import type { NdArray } from "@lad/core";
import { centresInside } from "./centres-inside";

/** `fitnet`: the anchor's centre lies in an object; `fineGrained`: its IoU with one exceeds half of the best any anchor has. */
export type ImitationRegion = "fitnet" | "fineGrained";

/**
 * A byte an anchor of one image: is its cell worth imitating?
 * @param anchors [A, 4] xyxy, px. @param boxes [G, 4] ground truths. @param valid a byte an anchor; others never are.
 * `fineGrained`: arXiv 1906.03609 §3.2 with factor 0.5.
 */
export function imitationCells(
  anchors: NdArray,
  boxes: NdArray,
  valid: Uint8Array,
  region: ImitationRegion,
): Uint8Array {
  const near = region === "fitnet" ? centresInside(anchors, boxes) : nearBest(anchors, boxes, valid);
  return near.map((flag, anchor) => (flag && valid[anchor] ? 1 : 0));
}

function nearBest(anchors: NdArray, boxes: NdArray, valid: Uint8Array): Uint8Array {
  const count = valid.length;
  const near = new Uint8Array(count);
  const overlaps = pairwiseIou(boxes, anchors).data;
  for (let start = 0; start < overlaps.length; start += count) {
    let best = 0;
    for (let anchor = 0; anchor < count; anchor++) if (valid[anchor]) best = Math.max(best, overlaps[start + anchor]!);
    for (let anchor = 0; anchor < count; anchor++) if (overlaps[start + anchor]! > best / 2) near[anchor] = 1;
  }
  return near;
}
