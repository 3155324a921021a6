import * as tf from "@tensorflow/tfjs-core";
import { floats, type Info, type Kernel, sizeOf, stock, type Wasm, zeros } from "./heap";

/** Sum over axes, accumulated in float64: the stock kernel adds float32 one after the other (1e-5 off after 1e6 numbers). */
export const sum: Kernel = (backend, { x }, attributes) => {
  if (x!.dtype !== "float32" && sizeOf(x!.shape) > 0) return stock(backend, "Sum", { x: x! }, attributes);
  return reduceSum(backend, x!, attributes, () => 1);
};

/** Mean over axes, accumulated in float64; 0 of nothing, as on tfjs' cpu engine. */
export const mean: Kernel = (backend, { x }, attributes) => {
  if (x!.dtype === "float32") return reduceSum(backend, x!, attributes, (count) => 1 / count);
  const converted = stock(backend, "Cast", { x: x! }, { dtype: "float32" });
  const result = reduceSum(backend, converted, attributes, (count) => 1 / count);
  backend.disposeData(converted.dataId);
  return result;
};

function reduceSum(backend: Wasm, x: Info, attributes: tf.NamedAttrMap, scale: (count: number) => number): Info {
  const { axis, keepDims } = attributes as { axis: number | number[]; keepDims?: boolean };
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const [outShape, reduced] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const count = sizeOf(reduced);
  if (sizeOf(x.shape) === 0) {
    const empty = zeros(backend, shape);
    empty.dtype = x.dtype;
    return empty;
  }
  const result = backend.makeOutput(shape, "float32");
  const inner = contiguousReduction(x.shape, axes);
  if (inner > 0) {
    sumMiddle(floats(backend, x), floats(backend, result), count, inner, scale(count));
    return result;
  }
  const permutation = tf.backend_util.getAxesPermutation(axes, x.shape.length)!;
  const moved = stock(backend, "Transpose", { x }, { perm: permutation });
  sumMiddle(floats(backend, moved), floats(backend, result), count, 1, scale(count));
  backend.disposeData(moved.dataId);
  return result;
}

/** If the reduced axes (those longer than 1) are neighbours: how many numbers lie between two that are added; else 0. */
function contiguousReduction(shape: readonly number[], axes: readonly number[]): number {
  const long = axes.filter((axis) => shape[axis] !== 1);
  if (long.length === 0) return 1;
  const [first, last] = [Math.min(...long), Math.max(...long)];
  for (let axis = first; axis <= last; axis++) if (shape[axis] !== 1 && !long.includes(axis)) return 0;
  return sizeOf(shape.slice(last + 1));
}

/** `result[o, i] = scale · Σ_r x[o, r, i]`. */
function sumMiddle(x: Float32Array, result: Float32Array, count: number, inner: number, scale: number): void {
  const outer = result.length / inner;
  if (inner === 1) {
    for (let o = 0; o < outer; o++) result[o] = sumRun(x, o * count, count) * scale;
    return;
  }
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    sums.fill(0);
    addRows(x, o * count * inner, count, sums);
    for (let i = 0; i < inner; i++) result[o * inner + i] = sums[i]! * scale;
  }
}

function sumRun(x: Float32Array, start: number, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = start + count;
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += x[i]!;
    b += x[i + 1]!;
    c += x[i + 2]!;
    d += x[i + 3]!;
  }
  for (; i < end; i++) a += x[i]!;
  return a + b + (c + d);
}

/** Four rows at once: the running sums are loaded and stored a quarter as often. */
function addRows(x: Float32Array, start: number, count: number, sums: Float64Array): void {
  const inner = sums.length;
  let at = start;
  let row = 0;
  for (; row + 3 < count; row += 4, at += 4 * inner)
    for (let i = 0, p = at; i < inner; i++, p++)
      sums[i]! += x[p]! + x[p + inner]! + (x[p + 2 * inner]! + x[p + 3 * inner]!);
  for (; row < count; row++, at += inner) for (let i = 0; i < inner; i++) sums[i]! += x[at + i]!;
}
