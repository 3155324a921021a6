import { LadError, type NdArray, ndArray, type Size } from "@lad/core";
import { clipBoxes } from "./clip-boxes";
import { countBoxes } from "./count-boxes";

const { fround } = Math;

/**
 * Boxes around points: (x - left, y - top, x + right, y + bottom).
 * @param points [N, 2] (x, y). @param distances [N, 4] (left, top, right, bottom) in the points' unit. N may be 0.
 * @param clip boxes are clipped to [0, width] x [0, height] if given.
 * @returns [N, 4] xyxy, in the same unit
 * @throws {LadError} SHAPE_MISMATCH unless points are [N, 2] and distances [N, 4].
 * Numerics follow mmdet 2.10 `distance2bbox`.
 */
export function decodeDistances(points: NdArray, distances: NdArray, clip?: Size): NdArray {
  const count = countPoints(points, distances, "decodeDistances", "distances");
  const out = new Float32Array(count * 4);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < 2; axis++) {
      const at = points.data[row * 2 + axis]!;
      out[row * 4 + axis] = at - distances.data[row * 4 + axis]!;
      out[row * 4 + axis + 2] = at + distances.data[row * 4 + axis + 2]!;
    }
  }
  const boxes = ndArray(out, [count, 4]);
  return clip ? clipBoxes(boxes, clip) : boxes;
}

/**
 * Distances of points to the sides of boxes: (x - x1, y - y1, x2 - x, y2 - y), the inverse of `decodeDistances`.
 * @param points [N, 2] (x, y). @param boxes [N, 4] xyxy in the same unit. N may be 0.
 * @param largest distances are held within [0, largest] if given: what a distribution over bins can tell.
 * @returns [N, 4]
 * @throws {LadError} SHAPE_MISMATCH unless points are [N, 2] and boxes [N, 4].
 * Numerics follow mmdet 2.10 `bbox2distance`.
 */
export function encodeDistances(points: NdArray, boxes: NdArray, largest?: number): NdArray {
  const count = countPoints(points, boxes, "encodeDistances", "boxes");
  const out = new Float32Array(count * 4);
  const most = largest === undefined ? undefined : fround(largest);
  for (let at = 0; at < count * 4; at++) {
    const place = points.data[(at >> 2) * 2 + (at & 1)]!;
    const distance = (at & 3) < 2 ? place - boxes.data[at]! : boxes.data[at]! - place;
    out[at] = most === undefined ? distance : Math.min(Math.max(distance, 0), most);
  }
  return ndArray(out, [count, 4]);
}

function countPoints({ data, shape }: NdArray, others: NdArray, where: string, name: string): number {
  const count = countBoxes(others, where, name);
  if (shape.length !== 2 || shape[0] !== count || shape[1] !== 2 || data.length !== count * 2) {
    throw new LadError("SHAPE_MISMATCH", `${where}: points must be [${count}, 2] as ${name} has rows, got [${shape}]`);
  }
  return count;
}
