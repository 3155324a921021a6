import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";
import { overBroadcast } from "./over-broadcast";

// in the order of src/native/function-loops.h
const names = [
  ...["Floor", "Ceil", "Round", "Sign", "Erf", "Expm1", "Elu", "LeakyRelu", "Relu6", "Selu", "Sin", "Cos", "Tan"],
  ...["Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"],
];
const kinds = ["IsNan", "IsInf", "IsFinite"];

const pairs = ["FloorDiv", "Mod", "Atan2", "Prelu", "EluGrad"];

/** The add-on's numbers of the functions of one and of two numbers. */
export const functionIndex = (name: string) => names.indexOf(name);
export const functionOfTwoIndex = (name: string) => pairs.indexOf(name);

type Single = { x: TensorInfo };
type Pair = { a: TensorInfo; b: TensorInfo };

/** The rarer functions of one and two numbers. NaN propagates. */
export function functionKernels({ addon, floats, allocate, allocateLike, recycle, result }: Device): KernelTable {
  const single = (which: number) =>
    kernel<Single, { alpha?: number }>(({ x }, { alpha = 0 }) => {
      if (!areFloats(x)) return undefined;
      const from = floats(x);
      const y = allocate(from.length);
      addon.functionOf(which, from, y, alpha);
      return result(x.shape, y);
    });
  const kind = (which: number) =>
    kernel<Single>(({ x }) => {
      if (!areFloats(x)) return undefined;
      const from = floats(x);
      const y = allocateLike(from.length, "bool") as Uint8Array;
      addon.kindOf(which, from, y);
      return result(x.shape, y, "bool");
    });
  const pair = (name: string, a: TensorInfo, b: TensorInfo) => {
    if (!areFloats(a, b)) return undefined;
    return overBroadcast(a, b, (shape, meta) => {
      const y = allocate(sizeOf(shape));
      if (y.length > 0) addon.functionOfTwo(functionOfTwoIndex(name), floats(a), floats(b), y, meta);
      return result(shape, y);
    });
  };
  return {
    ...Object.fromEntries(names.map((name, which) => [name, single(which)])),
    ...Object.fromEntries(kinds.map((name, which) => [name, kind(which)])),
    FloorDiv: kernel<Pair>(({ a, b }) => {
      if (!areFloats(a, b)) return undefined;
      return overBroadcast(a, b, (shape, meta) => {
        const quotients = allocate(sizeOf(shape));
        const y = allocateLike(quotients.length, "int32");
        if (y.length > 0) addon.functionOfTwo(functionOfTwoIndex("FloorDiv"), floats(a), floats(b), quotients, meta);
        addon.floatsTo(quotients, y);
        recycle(quotients);
        return result(shape, y, "int32"); // whatever it divides, as tfjs has it
      });
    }),
    Mod: kernel<Pair>(({ a, b }) => pair("Mod", a, b)),
    Atan2: kernel<Pair>(({ a, b }) => pair("Atan2", a, b)),
    Prelu: kernel<{ x: TensorInfo; alpha: TensorInfo }>(({ x, alpha }) => pair("Prelu", x, alpha)),
    EluGrad: kernel<{ dy: TensorInfo; y: TensorInfo }>(({ dy, y }) => pair("EluGrad", dy, y)),
  };
}
