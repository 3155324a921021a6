import { LadError, type TypedArray } from "@lad/core";

/** How a number type on disk becomes a host array. */
export type StoredType = {
  /** Bytes per element. */
  readonly bytes: number;
  /** `buffer` holds exactly the tensor's bytes and is given away. */
  decode(buffer: ArrayBuffer, name: string): TypedArray;
};

/**
 * Types that are read: F32, F64, I32, U8 as they are, F16 and BF16 as Float32Array, BOOL as Uint8Array,
 * other integers as Int32Array if every value fits.
 */
export const storedTypes: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  ["F32", { bytes: 4, decode: (buffer) => new Float32Array(buffer) }],
  ["F64", { bytes: 8, decode: (buffer) => new Float64Array(buffer) }],
  ["F16", { bytes: 2, decode: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) }],
  ["BF16", { bytes: 2, decode: (buffer) => bfloat16ToFloat32(new Uint16Array(buffer)) }],
  ["I64", { bytes: 8, decode: (buffer, name) => toInt32(new BigInt64Array(buffer), name) }],
  ["U64", { bytes: 8, decode: (buffer, name) => toInt32(new BigUint64Array(buffer), name) }],
  ["I32", { bytes: 4, decode: (buffer) => new Int32Array(buffer) }],
  ["U32", { bytes: 4, decode: (buffer, name) => toInt32(new Uint32Array(buffer), name) }],
  ["I16", { bytes: 2, decode: (buffer) => Int32Array.from(new Int16Array(buffer)) }],
  ["U16", { bytes: 2, decode: (buffer) => Int32Array.from(new Uint16Array(buffer)) }],
  ["I8", { bytes: 1, decode: (buffer) => Int32Array.from(new Int8Array(buffer)) }],
  ["U8", { bytes: 1, decode: (buffer) => new Uint8Array(buffer) }],
  ["BOOL", { bytes: 1, decode: (buffer) => new Uint8Array(buffer) }],
]);

/** The type under which an array is written. */
export function storedTypeOf(data: TypedArray): "F32" | "F64" | "I32" | "U8" {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "U8";
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}

function toInt32(values: BigInt64Array | BigUint64Array | Uint32Array, name: string): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    result[i] = value;
    if (result[i] !== value)
      throw new LadError(
        "INVALID_FILE",
        `readSafetensors: tensor ${name} holds ${values[i]} at ${i}, which does not fit 32 bits`,
      );
  }
  return result;
}
