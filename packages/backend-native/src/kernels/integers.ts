import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf } from "../kernel";
import { overBroadcast } from "./over-broadcast";

// in the order of src/native/integers.cc
const operations = ["Add", "Sub", "Multiply", "Maximum", "Minimum", "SquaredDifference", "FloorDiv", "Mod"];
const comparisons = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];
const singles = ["Neg", "Abs", "Square", "Sign"];

type Single = { x: TensorInfo };
type Pair = { a: TensorInfo; b: TensorInfo };

/** Arithmetic of int32, which wraps around; comparisons of int32 and of bool; logic. */
export function integerKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  const both = <Kind extends Int32Array | Uint8Array>(
    { a, b }: Pair,
    kind: new (size: number) => Kind,
    dtype: "int32" | "bool",
    run: (a: Kind, b: Kind, y: Int32Array | Uint8Array, meta: Int32Array) => void,
  ): TensorInfo | undefined => {
    const [left, right] = [values(a), values(b)];
    if (!(left instanceof kind) || !(right instanceof kind)) return undefined;
    return overBroadcast(a, b, (shape, meta) => {
      const y = allocateLike(sizeOf(shape), dtype) as Int32Array | Uint8Array;
      if (y.length > 0) run(left, right, y, meta);
      return result(shape, y, dtype);
    });
  };
  const operate = (which: number) =>
    kernel<Pair>((pair) =>
      both(pair, Int32Array, "int32", (a, b, y, meta) => addon.integerBinary(which, a, b, y as Int32Array, meta)),
    );
  const compare = (which: number) =>
    kernel<Pair>(
      (pair) =>
        both(pair, Uint8Array, "bool", (a, b, y, meta) => addon.truthCompare(which, a, b, y as Uint8Array, meta)) ??
        both(pair, Int32Array, "bool", (a, b, y, meta) => addon.integerCompare(which, a, b, y as Uint8Array, meta)),
    );
  const single = (which: number) =>
    kernel<Single>(({ x }) => {
      const from = values(x);
      if (!(from instanceof Int32Array)) return undefined;
      const y = allocateLike(from.length, "int32") as Int32Array;
      addon.integerUnary(which, from, y);
      return result(x.shape, y, "int32");
    });
  return {
    ...Object.fromEntries(operations.map((name, which) => [name, operate(which)])),
    ...Object.fromEntries(comparisons.map((name, which) => [name, compare(which)])),
    ...Object.fromEntries(singles.map((name, which) => [name, single(which)])),
    LogicalNot: kernel<Single>(({ x }) => {
      const from = values(x);
      if (!(from instanceof Uint8Array)) return undefined;
      const y = allocateLike(from.length, "bool") as Uint8Array;
      addon.truthNot(from, y);
      return result(x.shape, y, "bool");
    }),
  };
}
