import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/** The sizes of a convolution: `[batch, height, width, channels]` by `[filterHeight, filterWidth, channels, outChannels]`. */
export type ConvGeometry = {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Zero rows before the first. */
  readonly top: number;
  /** Zero columns before the first. */
  readonly left: number;
};

/** Attributes of tfjs' convolution gradient kernels. */
export type ConvAttributes = {
  strides: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat?: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
};

/** @throws {LadError} UNSUPPORTED for NCHW, which no wasm convolution has. */
export function convGeometry(
  name: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat = "NHWC", dimRoundingMode }: ConvAttributes,
): ConvGeometry {
  if (dataFormat !== "NHWC")
    throw new LadError("UNSUPPORTED", `${name}: wanted NHWC images, got ${dataFormat}; transpose them first`);
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}
