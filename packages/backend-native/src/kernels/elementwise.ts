import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf, stepsOf } from "../kernel";
import { conversionKernels } from "./conversions";
import { unaryKernels } from "./unary";

// in the order of src/native/loops.h
const binaries = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
const comparisons = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"];

type Pair = { a: TensorInfo; b: TensorInfo };

/** Steps through `shape` for an operand that is broadcast to it. */
function broadcastSteps(own: readonly number[], shape: readonly number[]): number[] {
  const steps = stepsOf(own);
  const missing = shape.length - own.length;
  return shape.map((_, axis) => (axis < missing || own[axis - missing] === 1 ? 0 : steps[axis - missing]!));
}

/** Elementwise arithmetic and comparison with broadcasting, functions of one number, conversions. NaN propagates. */
export function elementwiseKernels(device: Device): KernelTable {
  const { addon, floats, allocate, allocateLike, result } = device;

  const withShape = (a: TensorInfo, b: TensorInfo, run: (shape: number[], meta: Int32Array) => TensorInfo) => {
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return run(shape, numbers(shape.length, shape, broadcastSteps(a.shape, shape), broadcastSteps(b.shape, shape)));
  };
  const binary = (operation: number | "power", a: TensorInfo, b: TensorInfo) =>
    withShape(a, b, (shape, meta) => {
      const y = allocate(sizeOf(shape));
      if (y.length === 0) return result(shape, y);
      if (operation === "power") addon.power(0, floats(a), floats(b), y, meta);
      else addon.binary(operation, floats(a), floats(b), y, meta);
      return result(shape, y);
    });
  const compare = (operation: number, a: TensorInfo, b: TensorInfo) =>
    withShape(a, b, (shape, meta) => {
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
