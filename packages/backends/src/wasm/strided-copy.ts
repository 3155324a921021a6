import * as tf from "@tensorflow/tfjs-core";
import { type Info, type Kernel, reshaped, sizeOf, type Units, units, type Wasm } from "./heap";

/** Repeats a tensor along its axes. */
export const tile: Kernel = (backend, { x }, attributes) => {
  const { reps } = attributes as { reps: number[] };
  const strides = rowMajor(x!.shape);
  const shape = x!.shape.map((size, axis) => size * reps[axis]!);
  // every axis becomes (repetition, position)
  const copied = x!.shape.flatMap((size, axis) => [reps[axis]!, size]);
  const steps = x!.shape.flatMap((_, axis) => [0, strides[axis]!]);
  return stridedCopy(backend, x!, shape, copied, steps, 0);
};

/** Reverses axes. */
export const reverse: Kernel = (backend, { x }, attributes) => {
  const { dims } = attributes as { dims: number[] };
  const axes = tf.util.parseAxisParam(dims, x!.shape);
  const strides = rowMajor(x!.shape);
  const start = axes.reduce((sum, axis) => sum + (x!.shape[axis]! - 1) * strides[axis]!, 0);
  const steps = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
  return stridedCopy(backend, x!, x!.shape, x!.shape, steps, start);
};

/** Every n-th element along the axes. The stock kernel calls its result float32 whatever it is. */
export const stridedSlice: Kernel = (backend, { x }, attributes) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attributes as unknown as tf.StridedSliceAttrs;
  const info = tf.slice_util.sliceInfo(
    x!.shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (info.isIdentity) return reshaped(backend, x!, info.finalShape);
  const step = rowMajor(x!.shape);
  const start = info.begin.reduce((sum, value, axis) => sum + value * step[axis]!, 0);
  const steps = step.map((value, axis) => value * info.strides[axis]!);
  const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  return stridedCopy(backend, x!, info.finalShape, size, steps, start);
};

/** `x` broadcast to `shape`, in memory of its own. */
export function broadcast(backend: Wasm, x: Info, shape: readonly number[]): Info {
  const strides = rowMajor(x.shape);
  const lead = shape.length - x.shape.length;
  const steps = shape.map((_, axis) => (axis < lead || x.shape[axis - lead] === 1 ? 0 : strides[axis - lead]!));
  return stridedCopy(backend, x, shape, shape, steps, 0);
}

function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** `output[i₀, i₁, …] = x[start + Σ i_k · steps[k]]` over `sizes`, given the shape `shape`. */
function stridedCopy(
  backend: Wasm,
  x: Info,
  shape: readonly number[],
  sizes: readonly number[],
  steps: readonly number[],
  start: number,
): Info {
  const output = backend.makeOutput(shape as number[], x.dtype);
  if (sizeOf(shape) === 0) return output;
  const merged = mergeAxes(sizes, steps);
  copyAxis(units(backend, x), units(backend, output), merged.sizes, merged.steps, 0, start, 0);
  return output;
}

/** Drops axes of length 1 and joins neighbours that are one run in memory; at least two axes are left. */
function mergeAxes(sizes: readonly number[], steps: readonly number[]): { sizes: number[]; steps: number[] } {
  const merged = { sizes: [] as number[], steps: [] as number[] };
  for (let axis = 0; axis < sizes.length; axis++) {
    const last = merged.sizes.length - 1;
    if (sizes[axis] === 1) continue;
    if (last >= 0 && merged.steps[last] === sizes[axis]! * steps[axis]!) {
      merged.sizes[last]! *= sizes[axis]!;
      merged.steps[last] = steps[axis]!;
    } else {
      merged.sizes.push(sizes[axis]!);
      merged.steps.push(steps[axis]!);
    }
  }
  while (merged.sizes.length < 2) {
    merged.sizes.unshift(1);
    merged.steps.unshift(0);
  }
  return merged;
}

function copyAxis(
  source: Units,
  target: Units,
  sizes: readonly number[],
  steps: readonly number[],
  axis: number,
  start: number,
  at: number,
): number {
  if (axis === sizes.length - 2)
    return copyPlane(source, target, sizes[axis]!, steps[axis]!, sizes[axis + 1]!, steps[axis + 1]!, start, at);
  let to = at;
  for (let i = 0; i < sizes[axis]!; i++)
    to = copyAxis(source, target, sizes, steps, axis + 1, start + i * steps[axis]!, to);
  return to;
}

function copyPlane(
  source: Units,
  target: Units,
  rows: number,
  rowStep: number,
  columns: number,
  columnStep: number,
  start: number,
  at: number,
): number {
  let to = at;
  for (let row = 0; row < rows; row++) {
    let from = start + row * rowStep;
    if (columnStep === 1 && columns >= 64) {
      target.set(source.subarray(from, from + columns), to);
      to += columns;
      continue;
    }
    for (let column = 0; column < columns; column++) {
      target[to++] = source[from]!;
      from += columnStep;
    }
  }
  return to;
}
