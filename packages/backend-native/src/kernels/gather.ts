import { backend_util, scatter_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

/** Rows by index, and sums into rows by index. An index outside of its axis throws. */
export function gatherKernels({ addon, values, floats, allocate, allocateLike, result }: Device): KernelTable {
  return {
    GatherV2: kernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims?: number }>(
      ({ x, indices }, { axis, batchDims = 0 }) => {
        const [from, at] = [values(x), values(indices)];
        if (!from || from instanceof Uint8Array || !(at instanceof Int32Array)) return undefined;
        const [parsed] = util.parseAxisParam(axis, x.shape) as [number];
        const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
          backend_util.segment_util.collectGatherOpShapeInfo(
            // only the shapes of the two are looked at
            x as Parameters<typeof backend_util.segment_util.collectGatherOpShapeInfo>[0],
            indices as Parameters<typeof backend_util.segment_util.collectGatherOpShapeInfo>[1],
            parsed,
            batchDims,
          );
        const y = allocateLike(sizeOf(outputShape), x.dtype);
        if (at.length > 0) addon.gatherRows(from, at, y, batchSize, outerSize, dimSize, sliceSize);
        return result(outputShape, y, x.dtype);
      },
    ),
    ScatterNd: kernel<{ indices: TensorInfo; updates: TensorInfo }, { shape: number[] }>(
      ({ indices, updates }, { shape }) => {
        const at = values(indices);
        if (!areFloats(updates) || !(at instanceof Int32Array)) return undefined;
        const { sliceRank, sliceSize } = scatter_util.calculateShapes(updates, indices, shape);
        if (sliceRank === 0 || sizeOf(shape) === 0) return undefined;
        const y = allocate(sizeOf(shape));
        addon.scatterRows(at, floats(updates), y, Int32Array.from(shape.slice(0, sliceRank)), sliceSize);
        return result(shape, y);
      },
    ),
  };
}
