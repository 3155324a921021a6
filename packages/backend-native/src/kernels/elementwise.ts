import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";
import { conversionKernels } from "./conversions";
import { overBroadcast } from "./over-broadcast";
import { unaryKernels } from "./unary";

// in the order of src/native/loops.h
const binaries = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
const comparisons = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"];

type Pair = { a: TensorInfo; b: TensorInfo };

/** Elementwise arithmetic and comparison with broadcasting, functions of one number, conversions. NaN propagates. */
export function elementwiseKernels(device: Device): KernelTable {
  const { addon, floats, allocate, allocateLike, result } = device;
  const binary = (operation: number | "power", a: TensorInfo, b: TensorInfo) =>
    overBroadcast(a, b, (shape, meta) => {
      const y = allocate(sizeOf(shape));
      if (y.length === 0) return result(shape, y);
      if (operation === "power") addon.power(0, floats(a), floats(b), y, meta);
      else addon.binary(operation, floats(a), floats(b), y, meta);
      return result(shape, y);
    });
  const compare = (operation: number, a: TensorInfo, b: TensorInfo) =>
    overBroadcast(a, b, (shape, meta) => {
      const y = allocateLike(sizeOf(shape), "bool") as Uint8Array;
      if (y.length > 0) addon.compare(operation, floats(a), floats(b), y, meta);
      return result(shape, y, "bool");
    });
  const onFloats = (compute: (a: TensorInfo, b: TensorInfo) => TensorInfo) =>
    kernel<Pair>(({ a, b }) => (areFloats(a, b) ? compute(a, b) : undefined));

  const arithmetic = binaries.map((name, operation) => [name, onFloats((a, b) => binary(operation, a, b))]);
  const truth = comparisons.map((name, operation) => [name, onFloats((a, b) => compare(operation, a, b))]);
  return {
    ...(Object.fromEntries([...arithmetic, ...truth]) as KernelTable),
    Pow: onFloats((a, b) => binary("power", a, b)),
    LadReluGradient: kernel<{ dy: TensorInfo; y: TensorInfo }>(({ dy, y }) => binary(7, dy, y)),
    LadSigmoidGradient: kernel<{ dy: TensorInfo; y: TensorInfo }>(({ dy, y }) => binary(8, dy, y)),
    ...unaryKernels(device),
    ...conversionKernels(device),
  };
}
