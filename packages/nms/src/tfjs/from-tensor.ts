import { LadError, type NdArray, type TypedArray } from "@lad/core";

/** What is asked of a tensor: any of tfjs will do, and whatever looks like one. */
export type TensorLike = {
  readonly shape: readonly number[];
  data(): Promise<TypedArray>;
};

/**
 * Values of a tensor as a host array in float32. Leading dimensions of size 1 beyond `rank` are dropped: a model's batch of one.
 * The tensor is neither changed nor disposed of.
 * @throws {LadError} SHAPE_MISMATCH if the rest is not of that rank.
 */
export async function fromTensor(tensor: TensorLike, rank: number, where: string, name: string): Promise<NdArray> {
  const extra = Math.max(0, tensor.shape.length - rank);
  const shape = tensor.shape.slice(extra);
  if (shape.length !== rank || tensor.shape.slice(0, extra).some((side) => side !== 1)) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `${where}: ${name} must be of rank ${rank} (or a batch of one), got [${tensor.shape}]; call it image by image`,
    );
  }
  const data = await tensor.data();
  return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape };
}
