import type { NdArray, TypedArray } from "@lad/core";
import { badPickle, type PickledTensor, tensorTypes } from "./pickle-values";
import { storedTypes } from "./stored-types";

/** Values as the file has them; int64 keeps all of its 64 bits. */
export type ExactArray = { readonly data: TypedArray | BigInt64Array; readonly shape: readonly number[] };

/**
 * Copies a view into row-major order; half and bfloat16 become float32, small integers 32 bits.
 * @param spend told the bytes that will be allocated, before they are; throws to forbid it
 * @throws {LadError} INVALID_FILE if the view leaves its storage or the storage is not in the file.
 */
export function readTensor(tensor: PickledTensor, name: string, spend: (bytes: number) => void): ExactArray {
  const { shape, dtype, storage } = tensor;
  const { code, bytes: width } = tensorTypes[dtype];
  const elements = shape.reduce((product, side) => product * side, 1);
  checkRange(tensor, elements, name);
  const bytes = storage.bytes ?? badPickle(`tensor ${name}: storage ${storage.key} is not in the file`);
  if (bytes.length < storage.elements * width)
    badPickle(`tensor ${name}: storage ${storage.key} of ${storage.elements} ${dtype} has ${bytes.length} bytes`);
  spend(elements * Math.max(width, 4));
  const buffer = gather(tensor, bytes, elements, width);
  const data = dtype === "int64" ? new BigInt64Array(buffer) : storedTypes.get(code)!.decode(buffer, name);
  return { data, shape };
}

/**
 * int64 as Int32Array if every value fits, else as Float64Array if that is exact.
 * @throws {LadError} INVALID_FILE for integers beyond 2^53.
 */
export function narrowed({ data, shape }: ExactArray, name: string): NdArray<TypedArray> {
  if (!(data instanceof BigInt64Array)) return { data, shape };
  const wide = Float64Array.from(data, Number);
  const lost = wide.findIndex((value) => !Number.isSafeInteger(value));
  if (lost >= 0) badPickle(`tensor ${name} holds ${data[lost]} at ${lost}, which no host array keeps exactly`);
  const small = Int32Array.from(wide);
  return { data: small.every((value, i) => value === wide[i]) ? small : wide, shape };
}

function checkRange({ shape, strides, offset, storage }: PickledTensor, elements: number, name: string): void {
  if (elements === 0) return;
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, offset);
  if (!(last < storage.elements))
    badPickle(
      `tensor ${name}: shape [${shape}], strides [${strides}] and offset ${offset} reach element ${last} of a storage of ${storage.elements}`,
    );
}

function gather(
  { shape, strides, offset }: PickledTensor,
  bytes: Uint8Array,
  elements: number,
  width: number,
): ArrayBuffer {
  const result = new Uint8Array(elements * width);
  if (elements === 0) return result.buffer;
  const axes = shape.map((side, axis) => ({ side, stride: strides[axis]! })).filter(({ side }) => side > 1);
  let run = 1; // elements that lie together in both
  while (axes.length > 0 && axes.at(-1)!.stride === run) run *= axes.pop()!.side;
  const index = new Array<number>(axes.length).fill(0);
  let from = offset;
  for (let to = 0; to < elements; to += run) {
    if (run === 1) for (let byte = 0; byte < width; byte++) result[to * width + byte] = bytes[from * width + byte]!;
    else result.set(bytes.subarray(from * width, (from + run) * width), to * width);
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { side, stride } = axes[axis]!;
      from += stride;
      if (++index[axis]! < side) break;
      from -= side * stride;
      index[axis] = 0;
    }
  }
  return result.buffer;
}
