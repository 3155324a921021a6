import { type NdArray, ndArray } from "@lad/core";

/**
 * Boxes moved right and down by label · offset px, in float32: how mmdet and mmcv keep classes apart. It rounds coordinates (to 1/32 px
 * at 300,000) and mixes classes where coordinates reach the offset.
 */
export function shiftByClass({ data, shape }: NdArray, labels: Int32Array, offset: number): NdArray {
  return ndArray(
    data.map((value, at) => value + Math.fround(labels[at >> 2]! * offset)),
    shape,
  );
}
