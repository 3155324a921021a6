import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

type Single = { x: TensorInfo };

/** Sums of many, choice, casts, constants. */
export function conversionKernels(device: Device): KernelTable {
  return { ...selections(device), ...casts(device), ...constants(device) };
}

/** The bits of 4-byte elements, to be moved and not computed with. */
const bitsOf = (values: Float32Array | Int32Array) => new Float32Array(values.buffer, values.byteOffset, values.length);

function selections({ addon, floats, values, allocate, allocateLike, result }: Device): KernelTable {
  return {
    AddN: kernel<Record<string, TensorInfo>>((inputs) => {
      const terms = Object.values(inputs);
      if (!areFloats(...terms)) return undefined;
      const { shape } = terms[0]!;
      if (terms.some((term) => `${term.shape}` !== `${shape}`)) return undefined;
      const y = allocate(sizeOf(shape));
      const most = 16; // that the add-on takes at once
      addon.sumOf(y, ...terms.slice(0, most).map(floats));
      for (let at = most; at < terms.length; at += most - 1)
        addon.sumOf(y, y, ...terms.slice(at, at + most - 1).map(floats));
      return result(shape, y);
    }),
    Select: kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(({ condition, t, e }) => {
      const alike = `${condition.shape}` === `${t.shape}` && `${t.shape}` === `${e.shape}`;
      const [chosen, yes, no] = [values(condition), values(t), values(e)];
      if (!alike || t.dtype !== e.dtype || !(chosen instanceof Uint8Array)) return undefined;
      if (!yes || !no || yes instanceof Uint8Array || no instanceof Uint8Array) return undefined;
      const y = allocateLike(yes.length, t.dtype) as Float32Array | Int32Array;
      addon.select(chosen, bitsOf(yes), bitsOf(no), bitsOf(y));
      return result(t.shape, y, t.dtype);
    }),
  };
}

function casts({ addon, backend, values, allocate, allocateLike, result }: Device): KernelTable {
  return {
    Cast: kernel<Single, { dtype: DataType }>(({ x }, { dtype }) => {
      const from = values(x);
      if (!from) return undefined;
      if (x.dtype === dtype) {
        backend.incRef(x.dataId);
        return { dataId: x.dataId, shape: x.shape, dtype };
      }
      if (dtype === "float32" && !(from instanceof Float32Array)) {
        const y = allocate(from.length);
        addon.floatsFrom(from, y);
        return result(x.shape, y);
      }
      if (dtype !== "int32" && dtype !== "bool") return undefined;
      const y = allocateLike(from.length, dtype);
      if (from instanceof Float32Array) addon.floatsTo(from, y);
      else if (from instanceof Uint8Array) addon.integersFrom(from, y as Int32Array);
      else addon.truthFrom(from, y as Uint8Array);
      return result(x.shape, y, dtype);
    }),
  };
}

function constants({ addon, allocateLike, result }: Device): KernelTable {
  const filled = (shape: readonly number[], value: number, dtype: DataType) => {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") return undefined;
    const y = allocateLike(sizeOf([...shape]), dtype);
    if (y instanceof Float32Array) addon.fill(y, value);
    else y.fill(value);
    return result(shape, y, dtype);
  };
  return {
    Fill: kernel<object, { shape: number[]; value: number | string; dtype?: DataType }>((_, { shape, value, dtype }) =>
      typeof value === "number" ? filled(shape, value, dtype ?? "float32") : undefined,
    ),
    ZerosLike: kernel<Single>(({ x }) => filled(x.shape, 0, x.dtype)),
    OnesLike: kernel<Single>(({ x }) => filled(x.shape, 1, x.dtype)),
  };
}
