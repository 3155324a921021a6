import { LadError } from "@lad/core";
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf } from "../kernel";

type Attributes = {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computePool2DInfo>[4];
  dimRoundingMode?: "floor" | "round" | "ceil";
};
type Info = backend_util.Conv2DInfo;

function describe(shape: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes): Info {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** The numbers of src/native/pooling.cc. */
function poolNumbers(info: Info): Int32Array {
  return numbers(
    [info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth],
    [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left],
  );
}

function checkGradient(who: string, dy: TensorInfo, info: Info): void {
  if (`${dy.shape}` !== `${info.outShape}`)
    throw new LadError("SHAPE_MISMATCH", `native ${who}: dy must be [${info.outShape}], got [${dy.shape}]`);
}

/**
 * Max and average pooling and their gradients; max pooling's goes to the first maximum of a window. Unlike with the plain kernels a NaN in a window
 * wins, and padding takes no share of an average's gradient, as it gives none to the average.
 */
export function poolingKernels({ addon, floats, allocate, result }: Device): KernelTable {
  return {
    MaxPool: kernel<{ x: TensorInfo }, Attributes>(({ x }, attributes) => {
      if (!areFloats(x) || x.shape.length !== 4) return undefined;
      const info = describe(x.shape, attributes);
      const y = allocate(sizeOf(info.outShape));
      if (y.length > 0) addon.maxPool(floats(x), y, poolNumbers(info));
      return result(info.outShape, y);
    }),
    AvgPool: kernel<{ x: TensorInfo }, Attributes>(({ x }, attributes) => {
      if (!areFloats(x) || x.shape.length !== 4) return undefined;
      const info = describe(x.shape, attributes);
      const y = allocate(sizeOf(info.outShape));
      if (y.length > 0) addon.averagePool(floats(x), y, poolNumbers(info));
      return result(info.outShape, y);
    }),
    AvgPoolGrad: kernel<{ dy: TensorInfo; input: TensorInfo }, Attributes>(({ dy, input }, attributes) => {
      if (!areFloats(dy) || input.shape.length !== 4) return undefined;
      const info = describe(input.shape, attributes);
      checkGradient("AvgPoolGrad", dy, info);
      const dx = allocate(sizeOf(input.shape));
      if (dx.length > 0) addon.averagePoolGradient(floats(dy), dx, poolNumbers(info));
      return result(input.shape, dx);
    }),
    MaxPoolGrad: kernel<{ dy: TensorInfo; input: TensorInfo }, Attributes>(({ dy, input }, attributes) => {
      if (!areFloats(dy, input) || input.shape.length !== 4) return undefined;
      const info = describe(input.shape, attributes);
      checkGradient("MaxPoolGrad", dy, info);
      const dx = allocate(sizeOf(input.shape));
      if (dx.length > 0) addon.maxPoolGradient(floats(dy), floats(input), dx, poolNumbers(info));
      return result(input.shape, dx);
    }),
  };
}
