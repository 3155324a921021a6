import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel } from "../kernel";

/** The k greatest along the last axis, descending, equal ones by index. NaN is the greatest, as in torch. */
export function topkKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  return {
    TopK: kernel<{ x: TensorInfo }, { k: number }>(({ x }, { k }) => {
      const from = values(x);
      if (!from || from instanceof Uint8Array) return undefined;
      const length = x.shape.at(-1) ?? 0;
      if (!(Number.isInteger(k) && k >= 0 && k <= length))
        throw new LadError("SHAPE_MISMATCH", `native TopK: k must be in [0, ${length}] for x [${x.shape}], got ${k}`);
      const rows = length === 0 ? 0 : from.length / length;
      const best = allocateLike(rows * k, x.dtype);
      const at = allocateLike(rows * k, "int32") as Int32Array;
      if (from instanceof Float32Array) addon.topk(from, best as Float32Array, at, rows, length, k);
      else addon.topkIntegers(from, best as Int32Array, at, rows, length, k);
      const shape = [...x.shape.slice(0, -1), k];
      return [result(shape, best, x.dtype), result(shape, at, "int32")];
    }),
  };
}
