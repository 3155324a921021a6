import { LadError, type NdArray } from "@lad/core";
import type { ParamLayout } from "@lad/tensor";

/**
 * From memory to file: convolutions HWIO to OIHW, linear layers `[in, out]` to `[out, in]`. Always a copy.
 * @throws {LadError} SHAPE_MISMATCH if the rank does not fit the layout.
 */
export function toTorchLayout(array: NdArray, layout: ParamLayout): NdArray {
  return rearranged("toTorchLayout", array, layout, [3, 2, 0, 1]);
}

/** From file to memory: the inverse of `toTorchLayout`. */
export function fromTorchLayout(array: NdArray, layout: ParamLayout): NdArray {
  return rearranged("fromTorchLayout", array, layout, [2, 3, 1, 0]);
}

/** The shape that a parameter has in a file, for messages and comparisons. */
export function torchShape(shape: readonly number[], layout: ParamLayout): readonly number[] {
  if (layout === "plain") return shape;
  return layout === "linear" ? [...shape].reverse() : [3, 2, 0, 1].map((axis) => shape[axis]!);
}

function rearranged(
  name: string,
  { data, shape }: NdArray,
  layout: ParamLayout,
  convOrder: readonly number[],
): NdArray {
  if (layout === "plain") return { data: data.slice(), shape };
  const order = layout === "linear" ? [1, 0] : convOrder;
  if (shape.length !== order.length)
    throw new LadError("SHAPE_MISMATCH", `${name}: layout ${layout} wants rank ${order.length}, got shape [${shape}]`);
  return { data: transposed(data, shape, order), shape: order.map((axis) => shape[axis]!) };
}

/** Rank 2 is done as rank 4 with leading axes of 1. */
function transposed(data: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const pad = 4 - order.length;
  const side = (axis: number) => (axis < pad ? 1 : shape[order[axis - pad]!]!);
  const stride = (axis: number) => (axis < pad ? 0 : strides[order[axis - pad]!]!);
  const [d0, d1, d2, d3] = [side(0), side(1), side(2), side(3)];
  const [s0, s1, s2, s3] = [stride(0), stride(1), stride(2), stride(3)];
  const result = new Float32Array(data.length);
  let to = 0;
  for (let i = 0; i < d0; i++)
    for (let j = 0; j < d1; j++)
      for (let k = 0; k < d2; k++) {
        let from = i * s0 + j * s1 + k * s2;
        for (let l = 0; l < d3; l++, from += s3) result[to++] = data[from]!;
      }
  return result;
}
