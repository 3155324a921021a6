import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel } from "../kernel";

// in the order of src/native/loops.h
const names = [
  ...["Relu", "Sigmoid", "Exp", "Log", "Sqrt", "Rsqrt", "Neg", "Square", "Abs", "Step", "ClipByValue"],
  ...["Log1p", "Softplus", "Tanh", "Reciprocal"],
];

/** The add-on's number of a function of one number. */
export const unaryIndex = (name: string) => names.indexOf(name);

type Attributes = { alpha?: number; clipValueMin?: number; clipValueMax?: number };

/** Functions of one number. NaN propagates. */
export function unaryKernels({ addon, floats, allocate, result }: Device): KernelTable {
  const unary = (operation: number) =>
    kernel<{ x: TensorInfo }, Attributes>(({ x }, { alpha = 0, clipValueMin, clipValueMax = 0 }) => {
      if (!areFloats(x)) return undefined;
      const from = floats(x);
      const y = allocate(from.length);
      addon.unary(operation, from, y, clipValueMin ?? alpha, clipValueMax);
      return result(x.shape, y);
    });
  return Object.fromEntries(names.map((name, operation) => [name, unary(operation)]));
}
