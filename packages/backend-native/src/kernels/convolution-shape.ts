import { LadError } from "@lad/core";
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { numbers } from "../kernel";

type Padding = number | "same" | "valid" | [number, number][];
export type ConvolutionAttributes = {
  strides: number | [number, number];
  pad: Padding;
  dataFormat?: string;
  dilations?: number | [number, number];
  dimRoundingMode?: "floor" | "round" | "ceil";
};
export type ConvolutionInfo = backend_util.Conv2DInfo;

/** Sizes of a convolution. @throws {LadError} SHAPE_MISMATCH if filter and map do not fit. */
export function convolutionInfo(
  who: string,
  x: readonly number[],
  filter: readonly number[],
  attributes: ConvolutionAttributes,
  groups: number | "depthwise" = 1,
): ConvolutionInfo {
  const channels = groups === "depthwise" ? x[3] : x[3]! / groups;
  const whole = groups === "depthwise" || (Number.isInteger(groups) && groups >= 1 && filter[3]! % groups === 0);
  if (x.length !== 4 || filter.length !== 4 || channels !== filter[2] || !whole)
    throw new LadError(
      "SHAPE_MISMATCH",
      `native ${who}: filter [${filter}] (KH, KW, I, O${groups === 1 ? "" : `; groups ${groups}`}) does not fit x [${x}] (B, H, W, I)`,
    );
  const { strides, pad, dilations = 1, dimRoundingMode } = attributes;
  type Shape4 = [number, number, number, number];
  // tfjs knows no groups: sizes are those of the convolution of all channels
  const whose = groups === "depthwise" ? filter : [filter[0], filter[1], x[3], filter[3]];
  return backend_util.computeConv2DInfo(
    x as Shape4,
    whose as Shape4,
    strides,
    dilations,
    pad as Parameters<typeof backend_util.computeConv2DInfo>[4],
    dimRoundingMode,
    groups === "depthwise",
  );
}

/** The numbers of src/native/convolution.h. The last pad is what the output's size needs, which may be less than what was asked for. */
export function convolutionNumbers(info: ConvolutionInfo, groups: number | "depthwise" = 1): Int32Array {
  const last = (out: number, stride: number, dilation: number, kernelSize: number, side: number, first: number) =>
    Math.max(0, (out - 1) * stride + dilation * (kernelSize - 1) + 1 - side - first);
  const { padInfo } = info;
  return numbers(
    [info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels],
    [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, padInfo.top],
    last(info.outHeight, info.strideHeight, info.dilationHeight, info.filterHeight, info.inHeight, padInfo.top),
    padInfo.left,
    last(info.outWidth, info.strideWidth, info.dilationWidth, info.filterWidth, info.inWidth, padInfo.left),
    [info.dilationHeight, info.dilationWidth, groups === "depthwise" ? info.inChannels : groups],
  );
}

export function checkGradient(who: string, dy: TensorInfo, info: ConvolutionInfo): void {
  if (`${dy.shape}` !== `${info.outShape}`)
    throw new LadError("SHAPE_MISMATCH", `native ${who}: dy must be [${info.outShape}], got [${dy.shape}]`);
}
