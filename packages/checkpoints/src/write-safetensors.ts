import { LadError, type NdArray, type NdRecord, type TypedArray } from "@lad/core";
import { storedTypeOf, storedTypes } from "./stored-types";

/**
 * The bytes of a safetensors file. The same record gives the same bytes whatever the order of its keys: wider types first
 * (so every tensor is aligned to its element), then by name, as the reference writer does.
 * @throws {LadError} SHAPE_MISMATCH if a shape does not hold its data, INVALID_ARGUMENT for the reserved name `__metadata__`.
 */
export function writeSafetensors(tensors: NdRecord, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const chunks = safetensorsChunks(tensors, metadata);
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

/** The same bytes in pieces that view the tensors' memory: a large checkpoint is written without a second copy of it. */
export function safetensorsChunks(tensors: NdRecord, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const entries = Object.entries(tensors).map(([name, tensor]) => checked(name, tensor));
  entries.sort((a, b) => b.bytes - a.bytes || compare(a.type, b.type) || compare(a.name, b.name));
  const header: [string, unknown][] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => compare(a, b));
  if (notes.length > 0) header.push(["__metadata__", Object.fromEntries(notes)]);
  let end = 0;
  for (const { name, type, tensor } of entries) {
    const begin = end;
    end += tensor.data.byteLength;
    header.push([name, { dtype: type, shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20); // spaces
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(text, 8);
  return [
    padded,
    ...entries.map(({ tensor: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function checked(name: string, tensor: NdArray<TypedArray>) {
  const { data, shape } = tensor;
  if (name === "__metadata__")
    throw new LadError(
      "INVALID_ARGUMENT",
      "writeSafetensors: a tensor cannot be named __metadata__, the format reserves it",
    );
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== data.length)
    throw new LadError(
      "SHAPE_MISMATCH",
      `writeSafetensors: tensor ${name}: shape [${shape}] holds ${size} elements, got data of ${data.length}`,
    );
  const type = storedTypeOf(data);
  return { name, tensor, type, bytes: storedTypes.get(type)!.bytes };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
