import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

type Single = { x: TensorInfo };

/** Sums of many, choice, casts, constants. */
export function conversionKernels(device: Device): KernelTable {
  return { ...selections(device), ...casts(device), ...constants(device) };
}

function selections({ addon, floats, values, allocate, result }: Device): KernelTable {
  return {
    AddN: kernel<Record<string, TensorInfo>>((inputs) => {
      const terms = Object.values(inputs);
      if (!areFloats(...terms) || terms.length > 16) return undefined;
      const { shape } = terms[0]!;
      if (terms.some((term) => `${term.shape}` !== `${shape}`)) return undefined;
      const y = allocate(sizeOf(shape));
      addon.sumOf(y, ...terms.map(floats));
      return result(shape, y);
    }),
    Select: kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(({ condition, t, e }) => {
      const alike = `${condition.shape}` === `${t.shape}` && `${t.shape}` === `${e.shape}`;
      const chosen = values(condition);
      if (!alike || !areFloats(t, e) || !(chosen instanceof Uint8Array)) return undefined;
      const y = allocate(sizeOf(t.shape));
      addon.select(chosen, floats(t), floats(e), y);
      return result(t.shape, y);
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
      if (!(from instanceof Float32Array) || (dtype !== "int32" && dtype !== "bool")) return undefined;
      const y = allocateLike(from.length, dtype);
      addon.floatsTo(from, y);
      return result(x.shape, y, dtype);
    }),
  };
}

function constants({ addon, allocate, result }: Device): KernelTable {
  const filled = (shape: readonly number[], value: number) => {
    const y = allocate(sizeOf([...shape]));
    addon.fill(y, value);
    return result(shape, y);
  };
  return {
    Fill: kernel<object, { shape: number[]; value: number | string; dtype?: DataType }>((_, { shape, value, dtype }) =>
      (dtype ?? "float32") === "float32" && typeof value === "number" ? filled(shape, value) : undefined,
    ),
    ZerosLike: kernel<Single>(({ x }) => (areFloats(x) ? filled(x.shape, 0) : undefined)),
    OnesLike: kernel<Single>(({ x }) => (areFloats(x) ? filled(x.shape, 1) : undefined)),
  };
}
