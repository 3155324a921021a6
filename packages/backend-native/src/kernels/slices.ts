import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device, Values } from "../device";
import { type KernelTable, kernel, sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

type Single = { x: TensorInfo };

function replaced(shape: readonly number[], axis: number, side: number): number[] {
  return shape.map((own, each) => (each === axis ? side : own));
}

/** Slices and splits, in memory of their own. */
export function sliceKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  const sliced = (x: TensorInfo, from: Values, begin: readonly number[], size: readonly number[]) => {
    const to = allocateLike(sizeOf([...size]), x.dtype);
    const fromSteps = stepsOf(x.shape);
    const fromAt = begin.reduce((sum, start, axis) => sum + start * fromSteps[axis]!, 0);
    stridedCopy(addon, { from, to, shape: size, fromAt, fromSteps, toSteps: stepsOf(size) });
    return result(size, to, x.dtype);
  };

  return {
    Slice: kernel<Single, { begin: number | number[]; size: number | number[] }>(({ x }, { begin, size }) => {
      const from = values(x);
      if (!from) return undefined;
      const [start, extent] = slice_util.parseSliceParams(x, begin, size);
      slice_util.assertParamsValid(x, start!, extent!);
      return sliced(x, from, start!, extent!);
    }),
    SplitV: kernel<Single, { numOrSizeSplits: number | number[]; axis: number }>(({ x }, { numOrSizeSplits, axis }) => {
      const from = values(x);
      if (!from) return undefined;
      const [at] = util.parseAxisParam(axis, x.shape) as [number];
      const begin = x.shape.map(() => 0);
      return backend_util.prepareSplitSize(x, numOrSizeSplits, at).map((count) => {
        const part = sliced(x, from, begin, replaced(x.shape, at, count));
        begin[at]! += count;
        return part;
      });
    }),
    Unpack: kernel<{ value: TensorInfo }, { axis: number }>(({ value }, { axis }) => {
      const from = values(value);
      if (!from) return undefined;
      const [at] = util.parseAxisParam(axis, value.shape) as [number];
      return Array.from({ length: value.shape[at]! }, (_, index) => {
        const part = sliced(
          value,
          from,
          value.shape.map((__, each) => (each === at ? index : 0)),
          replaced(value.shape, at, 1),
        );
        return { ...part, shape: value.shape.filter((__, each) => each !== at) };
      });
    }),
  };
}
