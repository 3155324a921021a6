import { LadError } from "@lad/core";
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf } from "../kernel";

type Padding = number | "same" | "valid" | [number, number][];
type Attributes = {
  strides: number | [number, number];
  pad: Padding;
  dataFormat?: string;
  dilations?: number | [number, number];
  dimRoundingMode?: "floor" | "round" | "ceil";
  activation?: string;
};
type Info = backend_util.Conv2DInfo;

function describe(who: string, x: readonly number[], filter: readonly number[], attributes: Attributes): Info {
  if (x.length !== 4 || filter.length !== 4 || x[3] !== filter[2])
    throw new LadError(
      "SHAPE_MISMATCH",
      `native ${who}: filter [${filter}] (KH, KW, I, O) does not fit x [${x}] (B, H, W, I)`,
    );
  const { strides, pad, dilations = 1, dimRoundingMode } = attributes;
  type Shape4 = [number, number, number, number];
  return backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations,
    pad as Parameters<typeof backend_util.computeConv2DInfo>[4],
    dimRoundingMode,
  );
}

const shapeLength = 18;

/** The numbers of src/native/convolution.h. The last pad is what the output's size needs, which may be less than what was asked for. */
function shapeNumbers(info: Info): Int32Array {
  const last = (out: number, stride: number, dilation: number, kernelSize: number, side: number, first: number) =>
    Math.max(0, (out - 1) * stride + dilation * (kernelSize - 1) + 1 - side - first);
  const { padInfo } = info;
  return numbers(
    [info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels],
    [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, padInfo.top],
    last(info.outHeight, info.strideHeight, info.dilationHeight, info.filterHeight, info.inHeight, padInfo.top),
    padInfo.left,
    last(info.outWidth, info.strideWidth, info.dilationWidth, info.filterWidth, info.inWidth, padInfo.left),
    [info.dilationHeight, info.dilationWidth, 1],
  );
}

function checkGradient(who: string, dy: TensorInfo, info: Info): void {
  if (`${dy.shape}` !== `${info.outShape}`)
    throw new LadError("SHAPE_MISMATCH", `native ${who}: dy must be [${info.outShape}], got [${dy.shape}]`);
}

const channelsLast = ({ dataFormat }: Attributes) => dataFormat === undefined || dataFormat === "NHWC";

const directions = { forward: 0, inputGradient: 1 } as const;

/** Convolution and its two gradients; which algorithm runs is decided in src/native/convolution.cc. */
export function convolutionKernels({ addon, backend, floats, allocate, result }: Device): KernelTable {
  /** The filter as this convolution reads it, and 1 if that is not the plain one. */
  const filterFor = (
    filter: TensorInfo,
    info: Info,
    direction: keyof typeof directions,
    withBias: boolean,
  ): [Float32Array, 0 | 1] => {
    const [which, biased] = [directions[direction], Number(withBias)];
    const size = addon.preparedFilterSize(shapeNumbers(info), which, biased);
    if (size === 0) return [floats(filter), 0];
    const anyMap = addon.convolutionAlgorithm(shapeNumbers(info), which) === 1;
    const kept = backend.filters.get(filter.dataId, {
      key: anyMap ? direction : `${direction} ${biased} ${shapeNumbers(info).subarray(0, shapeLength)}`,
      floats: size,
      fill: (prepared) => addon.prepareFilter(floats(filter), prepared, shapeNumbers(info), which, biased),
    });
    return kept ? [kept, 1] : [floats(filter), 0];
  };
  type Inputs = { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo };
  const forward = (who: string) =>
    kernel<Inputs, Attributes>(({ x, filter, bias, preluActivationWeights }, attributes) => {
      const { activation = "linear" } = attributes;
      const simple = channelsLast(attributes) && !preluActivationWeights && ["linear", "relu"].includes(activation);
      if (!simple || !areFloats(x, filter)) return undefined;
      const info = describe(who, x.shape, filter.shape, attributes);
      if (bias && (bias.shape.length !== 1 || bias.shape[0] !== info.outChannels)) return undefined;
      if (sizeOf(info.outShape) === 0 || info.inChannels === 0) return undefined;
      const y = allocate(sizeOf(info.outShape));
      const [weights, prepared] = filterFor(filter, info, "forward", bias !== undefined);
      addon.convolution(floats(x), weights, bias ? floats(bias) : null, y, shapeNumbers(info), prepared);
      // not fused into the convolution: the library's relu turns NaN into 0
      if (activation === "relu") addon.unary(0, y, y, 0, 0);
      return result(info.outShape, y);
    });
  return {
    Conv2D: forward("Conv2D"),
    FusedConv2D: forward("FusedConv2D"),
    Conv2DBackpropInput: kernel<{ dy: TensorInfo; filter: TensorInfo }, Attributes & { inputShape: number[] }>(
      ({ dy, filter }, attributes) => {
        const { inputShape } = attributes;
        if (!channelsLast(attributes) || !areFloats(dy, filter)) return undefined;
        const info = describe("Conv2DBackpropInput", inputShape, filter.shape, attributes);
        checkGradient("Conv2DBackpropInput", dy, info);
        const dx = allocate(sizeOf(inputShape));
        if (sizeOf(dy.shape) === 0) addon.fill(dx, 0);
        else if (dx.length > 0) {
          const [weights, prepared] = filterFor(filter, info, "inputGradient", false);
          addon.convolutionInputGradient(floats(dy), weights, dx, shapeNumbers(info), prepared);
        }
        return result(inputShape, dx);
      },
    ),
    Conv2DBackpropFilter: kernel<{ x: TensorInfo; dy: TensorInfo }, Attributes & { filterShape: number[] }>(
      ({ x, dy }, attributes) => {
        const { filterShape } = attributes;
        if (!channelsLast(attributes) || !areFloats(x, dy)) return undefined;
        const info = describe("Conv2DBackpropFilter", x.shape, filterShape, attributes);
        checkGradient("Conv2DBackpropFilter", dy, info);
        const dfilter = allocate(sizeOf(filterShape));
        if (sizeOf(dy.shape) === 0 || sizeOf(x.shape) === 0) addon.fill(dfilter, 0);
        else if (dfilter.length > 0)
          addon.convolutionFilterGradient(floats(x), floats(dy), dfilter, shapeNumbers(info));
        return result(filterShape, dfilter);
      },
    ),
  };
}
