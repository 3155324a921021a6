import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf, stepsOf } from "../kernel";

type Inputs = { x: TensorInfo };
type Attributes = { axis?: number | number[]; reductionIndices?: number | number[]; keepDims?: boolean };
type Reduce = (x: Float32Array, y: Float32Array, outer: number, length: number, inner: number) => void;

/** Sum, mean, greatest and least over any axes; axes that are not neighbours are brought together first. NaN propagates. */
export function reductionKernels(device: Device): KernelTable {
  const { addon, floats, allocate, result } = device;

  /** `ofNothing`: the result over no elements; where there is none JavaScript decides. */
  const reduction = (reduce: Reduce, ofNothing?: number) =>
    kernel<Inputs, Attributes>(({ x }, { axis, reductionIndices, keepDims = false }) => {
      if (!areFloats(x)) return undefined;
      const axes = util.parseAxisParam((axis ?? reductionIndices)!, x.shape).sort((left, right) => left - right);
      const reduced = x.shape.map((_, at) => axes.includes(at));
      const length = sizeOf(x.shape.filter((_, at) => reduced[at]));
      const size = sizeOf(x.shape.filter((_, at) => !reduced[at]));
      if (length === 0 && ofNothing === undefined) return undefined;
      const y = allocate(size);
      const neighbours = axes.every((at, index) => at === axes[0]! + index);
      if (length === 0 || size === 0) addon.fill(y, ofNothing ?? 0);
      else if (neighbours) {
        const inner = sizeOf(x.shape.slice((axes.at(-1) ?? -1) + 1));
        reduce(floats(x), y, size / inner, length, inner);
      } else reduce(reducedLast(device, x, reduced), y, size, length, 1);
      const shape = keepDims
        ? x.shape.map((side, at) => (reduced[at] ? 1 : side))
        : x.shape.filter((_, at) => !reduced[at]);
      return result(shape, y);
    });

  return {
    Sum: reduction((x, y, outer, length, inner) => addon.reduceSum(x, y, outer, length, inner, 1), 0),
    Mean: reduction((x, y, outer, length, inner) => addon.reduceSum(x, y, outer, length, inner, 1 / length)),
    Max: reduction((x, y, outer, length, inner) => addon.reduceExtreme(x, y, outer, length, inner, 0)),
    Min: reduction((x, y, outer, length, inner) => addon.reduceExtreme(x, y, outer, length, inner, 1)),
  };
}

/** The values with the reduced axes behind the others. */
function reducedLast({ addon, floats }: Device, x: TensorInfo, reduced: readonly boolean[]): Float32Array {
  const axes = x.shape.map((_, axis) => axis);
  const order = [...axes.filter((axis) => !reduced[axis]), ...axes.filter((axis) => reduced[axis])];
  const shape = order.map((axis) => x.shape[axis]!);
  const steps = stepsOf(x.shape);
  const from = floats(x);
  const to = new Float32Array(from.length);
  addon.copy(
    from,
    to,
    numbers(
      shape.length,
      0,
      0,
      shape,
      order.map((axis) => steps[axis]!),
      stepsOf(shape),
    ),
  );
  return to;
}
