import { type NdArray, ndArray, type Size } from "@lad/core";
import { clipBoxes } from "./clip-boxes";
import { countAligned } from "./count-boxes";

type Four = readonly [x: number, y: number, width: number, height: number];

/** Normalisation of the deltas (dx, dy, dw, dh): stored = (delta - mean) / std. */
export type DeltaCoder = { readonly means: Four; readonly stds: Four };

export type DecodeOptions = DeltaCoder & {
  /** |dw| and |dh| are held within |ln(ratioClip)|. */
  readonly ratioClip?: number;
  /** Boxes are clipped to [0, width] x [0, height] if given. */
  readonly clip?: Size;
};

const { fround } = Math;

/**
 * Deltas that take anchors to boxes: ((gx - px) / pw, (gy - py) / ph, ln(gw / pw), ln(gh / ph)), normalised.
 * @param anchors [N, 4] xyxy, px. @param boxes [N, 4] xyxy, px. N may be 0.
 * @returns [N, 4]
 * @throws {LadError} SHAPE_MISMATCH if the shapes are not equal and [N, 4].
 * Numerics follow mmdet 2.10 `bbox2delta`.
 */
export function encodeDeltas(anchors: NdArray, boxes: NdArray, { means, stds }: DeltaCoder): NdArray {
  const count = countAligned(anchors, boxes, "encodeDeltas", ["anchors", "boxes"]);
  const out = new Float32Array(count * 4);
  for (let row = 0; row < count * 4; row += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const [center, side] = span(anchors.data, row + axis);
      const [boxCenter, boxSide] = span(boxes.data, row + axis);
      const shift = fround(fround(boxCenter - center) / side);
      const stretch = fround(Math.log(fround(boxSide / side)));
      out[row + axis] = fround(shift - fround(means[axis]!)) / fround(stds[axis]!);
      out[row + axis + 2] = fround(stretch - fround(means[axis + 2]!)) / fround(stds[axis + 2]!);
    }
  }
  return ndArray(out, [count, 4]);
}

/**
 * Boxes that deltas make of anchors, the inverse of `encodeDeltas`; dx and dy are not limited, dw and dh are.
 * @param anchors [N, 4] xyxy, px. @param deltas [N, 4]. N may be 0.
 * @returns [N, 4] xyxy, px
 * @throws {LadError} SHAPE_MISMATCH if the shapes are not equal and [N, 4].
 * Numerics follow mmdet 2.10 `delta2bbox`.
 */
export function decodeDeltas(
  anchors: NdArray,
  deltas: NdArray,
  { means, stds, ratioClip = 16 / 1000, clip }: DecodeOptions,
): NdArray {
  const count = countAligned(anchors, deltas, "decodeDeltas", ["anchors", "deltas"]);
  const limit = fround(Math.abs(Math.log(ratioClip)));
  const out = new Float32Array(count * 4);
  for (let row = 0; row < count * 4; row += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const [center, side] = span(anchors.data, row + axis);
      const shift = fround(fround(deltas.data[row + axis]! * fround(stds[axis]!)) + fround(means[axis]!));
      const stretch = fround(fround(deltas.data[row + axis + 2]! * fround(stds[axis + 2]!)) + fround(means[axis + 2]!));
      const half = fround(side * fround(Math.exp(Math.min(Math.max(stretch, -limit), limit)))) / 2;
      const middle = fround(center + fround(side * shift));
      out[row + axis] = middle - half;
      out[row + axis + 2] = middle + half;
    }
  }
  const boxes = ndArray(out, [count, 4]);
  return clip ? clipBoxes(boxes, clip) : boxes;
}

function span(data: Float32Array, low: number): [center: number, side: number] {
  return [fround(fround(data[low]! + data[low + 2]!) / 2), fround(data[low + 2]! - data[low]!)];
}
