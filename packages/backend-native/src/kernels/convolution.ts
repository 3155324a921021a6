import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";
import { type Activation, activate } from "./activation";
import {
  type ConvolutionAttributes,
  type ConvolutionInfo,
  checkGradient,
  convolutionInfo,
  convolutionNumbers,
} from "./convolution-shape";
import { filterFor } from "./filter-for";

type Groups = number | "depthwise";
type Attributes = ConvolutionAttributes & Activation & { groups?: number };
type Inputs = { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo };

const channelsLast = ({ dataFormat }: ConvolutionAttributes) => dataFormat === undefined || dataFormat === "NHWC";

/**
 * Convolution and its two gradients: tfjs' own, its depthwise ones, and those of @lad/nn with groups (`LadConv2d…`). Which algorithm runs is decided
 * in src/native/convolution.cc.
 */
export function convolutionKernels(device: Device): KernelTable {
  return {
    ...kernelsOf(device, {
      forward: ["Conv2D", "FusedConv2D"],
      input: "Conv2DBackpropInput",
      filter: "Conv2DBackpropFilter",
    }),
    ...kernelsOf(device, {
      forward: ["DepthwiseConv2dNative", "FusedDepthwiseConv2D"],
      input: "DepthwiseConv2dNativeBackpropInput",
      filter: "DepthwiseConv2dNativeBackpropFilter",
      groups: "depthwise",
    }),
    ...kernelsOf(device, {
      forward: ["LadConv2d"],
      input: "LadConv2dInputGradient",
      filter: "LadConv2dFilterGradient",
    }),
  };
}

type Names = { forward: string[]; input: string; filter: string; groups?: Groups };

function kernelsOf(device: Device, names: Names): KernelTable {
  const { addon, floats, allocate, result } = device;
  const groupsOf = ({ groups = 1 }: Attributes): Groups => names.groups ?? groups;

  const forward = (who: string) =>
    kernel<Inputs, Attributes>(({ x, filter, bias, preluActivationWeights }, attributes) => {
      if (!channelsLast(attributes) || !areFloats(x, filter)) return undefined;
      const groups = groupsOf(attributes);
      const info = convolutionInfo(who, x.shape, filter.shape, attributes, groups);
      const y = allocate(sizeOf(info.outShape));
      const shift = bias ? biasValues(who, bias, floats(bias), info) : null;
      if (y.length > 0 && sizeOf(x.shape) > 0 && sizeOf(filter.shape) > 0) {
        const use = { info, groups, direction: "forward", withBias: shift !== null } as const;
        const [weights, prepared] = filterFor(device, filter, use);
        addon.convolution(floats(x), weights, shift, y, convolutionNumbers(info, groups), prepared);
      } else if (y.length > 0) fillRows(y, shift);
      activate(device, info.outShape, y, attributes, preluActivationWeights);
      return result(info.outShape, y);
    });
  return {
    ...Object.fromEntries(names.forward.map((who) => [who, forward(who)])),
    [names.input]: kernel<{ dy: TensorInfo; filter: TensorInfo }, Attributes & { inputShape: number[] }>(
      ({ dy, filter }, attributes) => {
        const { inputShape } = attributes;
        if (!channelsLast(attributes) || !areFloats(dy, filter)) return undefined;
        const groups = groupsOf(attributes);
        const info = convolutionInfo(names.input, inputShape, filter.shape, attributes, groups);
        checkGradient(names.input, dy, info);
        const dx = allocate(sizeOf(inputShape));
        if (sizeOf(dy.shape) === 0) addon.fill(dx, 0);
        else if (dx.length > 0) {
          const use = { info, groups, direction: "inputGradient", withBias: false } as const;
          const [weights, prepared] = filterFor(device, filter, use);
          addon.convolutionInputGradient(floats(dy), weights, dx, convolutionNumbers(info, groups), prepared);
        }
        return result(inputShape, dx);
      },
    ),
    [names.filter]: kernel<{ x: TensorInfo; dy: TensorInfo }, Attributes & { filterShape: number[] }>(
      ({ x, dy }, attributes) => {
        const { filterShape } = attributes;
        if (!channelsLast(attributes) || !areFloats(x, dy)) return undefined;
        const groups = groupsOf(attributes);
        const info = convolutionInfo(names.filter, x.shape, filterShape, attributes, groups);
        checkGradient(names.filter, dy, info);
        const dfilter = allocate(sizeOf(filterShape));
        if (sizeOf(dy.shape) === 0 || sizeOf(x.shape) === 0) addon.fill(dfilter, 0);
        else if (dfilter.length > 0)
          addon.convolutionFilterGradient(floats(x), floats(dy), dfilter, convolutionNumbers(info, groups));
        return result(filterShape, dfilter);
      },
    ),
  };
}

/** A value per channel; tfjs also allows one for all. */
function biasValues(
  who: string,
  { shape }: TensorInfo,
  values: Float32Array,
  { outChannels }: ConvolutionInfo,
): Float32Array {
  if (values.length === outChannels) return values;
  if (values.length === 1) return new Float32Array(outChannels).fill(values[0]!);
  throw new LadError("SHAPE_MISMATCH", `native ${who}: bias must be [${outChannels}], got [${shape}]`);
}

/** What a convolution of no channels gives: the bias. */
function fillRows(y: Float32Array, bias: Float32Array | null): void {
  if (!bias) y.fill(0);
  else for (let at = 0; at < y.length; at += bias.length) y.set(bias, at);
}
