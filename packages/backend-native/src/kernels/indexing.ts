import { LadError } from "@lad/core";
import { type DataType, gather_util, scatter_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

/** Elements named by several indices, segment sums (tfjs' gradient of gather), one-hot rows. */
export function indexingKernels({
  addon,
  values,
  floats,
  allocate,
  allocateLike,
  recycle,
  result,
}: Device): KernelTable {
  return {
    GatherNd: kernel<{ params: TensorInfo; indices: TensorInfo }>(({ params, indices }) => {
      const [from, at] = [values(params), values(indices)];
      if (!from || from instanceof Uint8Array || !(at instanceof Int32Array)) return undefined;
      const depth = indices.shape.at(-1) ?? 0;
      // only the shapes of the two are looked at
      type Both = Parameters<typeof gather_util.prepareAndValidate>;
      const [shape, , width] = gather_util.prepareAndValidate(params as Both[0], indices as Both[1]);
      if (depth === 0) return undefined;
      const y = allocateLike(sizeOf(shape), params.dtype);
      if (y.length > 0) addon.gatherMany(from, at, y, Int32Array.from(params.shape.slice(0, depth)), width);
      return result(shape, y, params.dtype);
    }),
    TensorScatterUpdate: kernel<{ tensor: TensorInfo; indices: TensorInfo; updates: TensorInfo }>(
      ({ tensor, indices, updates }) => {
        const [from, at, rows] = [values(tensor), values(indices), values(updates)];
        if (!from || from instanceof Uint8Array || !(at instanceof Int32Array) || !rows) return undefined;
        if (tensor.dtype !== updates.dtype) return undefined;
        const { sliceRank, sliceSize } = scatter_util.calculateShapes(updates, indices, tensor.shape);
        if (sliceRank === 0) return undefined;
        const y = allocateLike(from.length, tensor.dtype);
        y.set(from);
        if (y.length > 0) addon.writeRows(at, rows, y, Int32Array.from(tensor.shape.slice(0, sliceRank)), sliceSize);
        return result(tensor.shape, y, tensor.dtype);
      },
    ),
    UnsortedSegmentSum: kernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
      ({ x, segmentIds }, { numSegments }) => {
        const segments = values(segmentIds);
        if (!areFloats(x) || !(segments instanceof Int32Array) || segmentIds.shape.length !== 1) return undefined;
        if (x.shape[0] !== segments.length)
          throw new LadError(
            "SHAPE_MISMATCH",
            `native UnsortedSegmentSum: wanted a segment for each row of x [${x.shape}], got [${segmentIds.shape}]`,
          );
        const shape = [numSegments, ...x.shape.slice(1)];
        const y = allocate(sizeOf(shape));
        addon.segmentSum(segments, floats(x), y, numSegments, sizeOf(x.shape.slice(1)));
        return result(shape, y);
      },
    ),
    OneHot: kernel<{ indices: TensorInfo }, { depth: number; onValue: number; offValue: number; dtype: DataType }>(
      ({ indices }, { depth, onValue, offValue, dtype }) => {
        const at = values(indices);
        if (!(at instanceof Int32Array) || !["float32", "int32", "bool"].includes(dtype)) return undefined;
        const y = allocate(at.length * depth);
        addon.oneHot(at, y, depth, onValue, offValue);
        if (dtype === "float32") return result([...indices.shape, depth], y);
        const typed = allocateLike(y.length, dtype);
        addon.floatsTo(y, typed);
        recycle(y);
        return result([...indices.shape, depth], typed, dtype);
      },
    ),
  };
}

/** Numbers at even distances. */
export function rampKernels({ addon, allocateLike, result }: Device): KernelTable {
  const ramp = (count: number, start: number, step: number, dtype: DataType) => {
    const y = allocateLike(count, dtype);
    if (y instanceof Int32Array) addon.rampIntegers(y, start, step);
    else addon.ramp(y as Float32Array, start, step);
    return result([count], y, dtype);
  };
  type Range = { start: number; stop: number; step: number; dtype: DataType };
  return {
    Range: kernel<object, Range>((_, { start, stop, step: asked, dtype }) => {
      if (dtype !== "float32" && dtype !== "int32") return undefined;
      const step = stop < start && asked === 1 ? -1 : asked; // 1 is the default, of no sign
      const nowhere = start === stop || (start < stop && step < 0) || (stop < start && step > 0);
      return ramp(nowhere ? 0 : Math.abs(Math.ceil((stop - start) / step)), start, step, dtype);
    }),
    LinSpace: kernel<object, { start: number; stop: number; num: number }>((_, { start, stop, num }) =>
      ramp(num, start, num > 1 ? (stop - start) / (num - 1) : 0, "float32"),
    ),
  };
}
