import { LadError } from "./lad-error";

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A dense array on the host, row-major. Everything that is not tensor algebra works on it, without an engine. */
export type NdArray<A extends TypedArray = Float32Array> = { readonly data: A; readonly shape: readonly number[] };

/** Named host arrays: a checkpoint, an optimiser's state. */
export type NdRecord = Readonly<Record<string, NdArray<TypedArray>>>;

/**
 * Pairs data with its shape.
 * @throws {LadError} SHAPE_MISMATCH if the shape does not hold as many elements as `data`.
 */
export function ndArray<A extends TypedArray>(data: A, shape: readonly number[]): NdArray<A> {
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== data.length) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `ndArray: shape [${shape}] holds ${size} elements, got data of ${data.length}`,
    );
  }
  return { data, shape };
}
