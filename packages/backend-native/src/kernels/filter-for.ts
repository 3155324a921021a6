import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type ConvolutionInfo, convolutionNumbers } from "./convolution-shape";

const directions = { forward: 0, inputGradient: 1 } as const;
const shapeLength = 18;

export type FilterUse = {
  readonly info: ConvolutionInfo;
  readonly groups: number | "depthwise";
  readonly direction: keyof typeof directions;
  readonly withBias: boolean;
};

/** A tensor's filter as the add-on's convolution reads it, and 1 if that is a prepared one, 0 for the plain one. */
export function filterFor(
  { addon, backend, floats }: Device,
  filter: TensorInfo,
  { info, groups, direction, withBias }: FilterUse,
): readonly [Float32Array, 0 | 1] {
  const numbers = () => convolutionNumbers(info, groups); // into an array that the next call uses again
  const [which, biased] = [directions[direction], Number(withBias)];
  const size = addon.preparedFilterSize(numbers(), which, biased);
  if (size === 0) return [floats(filter), 0];
  // Winograd's layout is one for all maps that take as many numbers, oneDNN's may differ from map to map
  const isWinograd = addon.convolutionAlgorithm(numbers(), which) === 1;
  const kept = backend.filters.get(filter.dataId, {
    key: isWinograd ? `${direction} ${size}` : `${direction} ${biased} ${numbers().subarray(0, shapeLength)}`,
    floats: size,
    fill: (prepared) => addon.prepareFilter(floats(filter), prepared, numbers(), which, biased),
  });
  return kept ? [kept, 1] : [floats(filter), 0];
}
