import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf } from "../kernel";

type Attributes = { axis: number; exclusive?: boolean; reverse?: boolean };

/** Running sums and products along an axis, taken in float64; of int32 they wrap around. */
export function scanKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  const cumulate = (product: boolean) =>
    kernel<{ x: TensorInfo }, Attributes>(({ x }, { axis, exclusive = false, reverse = false }) => {
      const from = values(x);
      if (!from || from instanceof Uint8Array) return undefined;
      const [at] = util.parseAxisParam(axis, x.shape) as [number];
      const y = allocateLike(from.length, x.dtype);
      const sizes = [sizeOf(x.shape.slice(0, at)), x.shape[at]!, sizeOf(x.shape.slice(at + 1))];
      const options = [product, exclusive, reverse].map(Number);
      if (from instanceof Float32Array) addon.cumulate(from, y as Float32Array, ...sizes, ...options);
      else addon.cumulateIntegers(from, y as Int32Array, ...sizes, ...options);
      return result(x.shape, y, x.dtype);
    });
  return { Cumsum: cumulate(false), Cumprod: cumulate(true) };
}
