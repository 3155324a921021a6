import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, joinTables, type KernelTable, kernel } from "../kernel";
import { type ReduceOptions, reduceAxes } from "./reduce-axes";

type Inputs = { x: TensorInfo };
type Attributes = { axis?: number | number[]; reductionIndices?: number | number[]; keepDims?: boolean };
type Result = Omit<ReduceOptions, "axis" | "keepDims">;
type Reduce<From, To> = (x: From, y: To, outer: number, length: number, inner: number) => void;

/** Sums, means, products, extremes and where they are, any and all, over any axes. NaN propagates. */
export function reductionKernels(device: Device): KernelTable {
  const { addon, floats, values } = device;
  const axesOf = ({ axis, reductionIndices, keepDims }: Attributes) => ({
    axis: (axis ?? reductionIndices)!,
    keepDims,
  });
  const ofFloats = <To extends Float32Array | Int32Array>(given: Result, reduce: Reduce<Float32Array, To>) =>
    kernel<Inputs, Attributes>(({ x }, attributes) =>
      areFloats(x) ? reduceAxes(device, x, floats(x), { ...axesOf(attributes), ...given }, reduce) : undefined,
    );
  const of = <T extends Int32Array | Uint8Array>(type: new () => T, given: Result, reduce: Reduce<T, T>) =>
    kernel<Inputs, Attributes>(({ x }, attributes) => {
      const from = values(x);
      return from instanceof type
        ? reduceAxes(device, x, from, { ...axesOf(attributes), ...given }, reduce)
        : undefined;
    });
  const floating: KernelTable = {
    Sum: ofFloats<Float32Array>({ dtype: "float32", ofNothing: 0 }, (...call) => addon.reduceSum(...call, 1)),
    Mean: ofFloats<Float32Array>({ dtype: "float32" }, (...call) => addon.reduceSum(...call, 1 / call[3])),
    Prod: ofFloats<Float32Array>({ dtype: "float32", ofNothing: 1 }, (...call) => addon.reduceProduct(...call)),
    Max: ofFloats<Float32Array>({ dtype: "float32" }, (...call) => addon.reduceExtreme(...call, 0)),
    Min: ofFloats<Float32Array>({ dtype: "float32" }, (...call) => addon.reduceExtreme(...call, 1)),
    ArgMax: ofFloats<Int32Array>({ dtype: "int32" }, (...call) => addon.argExtreme(...call, 0)),
    ArgMin: ofFloats<Int32Array>({ dtype: "int32" }, (...call) => addon.argExtreme(...call, 1)),
  };
  const whole: KernelTable = {
    Sum: of(Int32Array, { dtype: "int32", ofNothing: 0 }, (...call) => addon.reduceIntegerSum(...call)),
    Max: of(Int32Array, { dtype: "int32" }, (...call) => addon.reduceIntegerExtreme(...call, 0)),
    Min: of(Int32Array, { dtype: "int32" }, (...call) => addon.reduceIntegerExtreme(...call, 1)),
    Any: of(Uint8Array, { dtype: "bool", ofNothing: 0 }, (...call) => addon.reduceTruth(...call, 0)),
    All: of(Uint8Array, { dtype: "bool", ofNothing: 1 }, (...call) => addon.reduceTruth(...call, 1)),
  };
  /** Of @lad/nn: [B, H, W, C] to [B, C]. */
  const pixels = kernel<Inputs>(({ x }) =>
    reduceAxes<Float32Array, Float32Array>(
      device,
      x,
      floats(x),
      { axis: [1, 2], dtype: "float32", ofNothing: 0 },
      (...call) => addon.reduceSum(...call, 1),
    ),
  );
  return joinTables([floating, whole, { LadSumPixels: pixels }]);
}
