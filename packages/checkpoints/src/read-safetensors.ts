import type { NdArray, NdRecord, TypedArray } from "@lad/core";
import { readSafetensorsHeader } from "./safetensors-header";

/** What every checkpoint format is read into: arrays under the names and in the layout of the file, and its notes. */
export type Checkpoint = { readonly tensors: NdRecord; readonly metadata: Readonly<Record<string, string>> };

/**
 * Reads a safetensors file. Every length, type, shape and offset is checked before a tensor is allocated. The arrays are copies.
 * F16 and BF16 become Float32Array, BOOL Uint8Array, integers Int32Array (U8: Uint8Array); F64 stays Float64Array.
 * @throws {LadError} INVALID_FILE naming what is wrong: truncated, overlapping or unowned bytes, unknown types, integers beyond 32 bits.
 * @see https://github.com/huggingface/safetensors
 */
export function readSafetensors(bytes: Uint8Array): Checkpoint {
  const { entries, metadata, dataStart } = readSafetensorsHeader(bytes);
  const tensors = entries.map(({ name, type, shape, begin, end }): [string, NdArray<TypedArray>] => {
    const buffer = new ArrayBuffer(end - begin);
    new Uint8Array(buffer).set(bytes.subarray(dataStart + begin, dataStart + end));
    return [name, { data: type.decode(buffer, name), shape }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}
