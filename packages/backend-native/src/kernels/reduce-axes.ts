import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device, Values } from "../device";
import { sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

export type ReduceOptions = {
  readonly axis: number | readonly number[];
  readonly keepDims?: boolean | undefined;
  readonly dtype: "float32" | "int32" | "bool";
  /** The result over no elements; without it JavaScript decides what that is. */
  readonly ofNothing?: number;
};

/**
 * Reduces over any axes by `reduce`, which takes x as [outer, length, inner] and fills y, [outer, inner]; axes that are not neighbours are
 * brought together first.
 */
export function reduceAxes<From extends Values, To extends Values>(
  device: Device,
  x: TensorInfo,
  from: From,
  { axis, keepDims = false, dtype, ofNothing }: ReduceOptions,
  reduce: (from: From, y: To, outer: number, length: number, inner: number) => void,
): TensorInfo | undefined {
  const axes = util.parseAxisParam(axis as number | number[], x.shape).sort((left, right) => left - right);
  const reduced = x.shape.map((_, at) => axes.includes(at));
  const length = sizeOf(x.shape.filter((_, at) => reduced[at]));
  const size = sizeOf(x.shape.filter((_, at) => !reduced[at]));
  if (length === 0 && ofNothing === undefined) return undefined;
  const y = device.allocateLike(size, dtype) as To;
  const neighbours = axes.every((at, index) => at === axes[0]! + index);
  if (length === 0 || size === 0) y.fill(ofNothing ?? 0);
  else if (neighbours) {
    const inner = sizeOf(x.shape.slice((axes.at(-1) ?? -1) + 1));
    reduce(from, y, size / inner, length, inner);
  } else {
    const turned = reducedLast(device, x, from, reduced);
    reduce(turned, y, size, length, 1);
    device.recycle(turned);
  }
  const shape = keepDims
    ? x.shape.map((side, at) => (reduced[at] ? 1 : side))
    : x.shape.filter((_, at) => !reduced[at]);
  return device.result(shape, y, dtype);
}

/** The values with the reduced axes behind the others. */
function reducedLast<From extends Values>(
  { addon, allocateLike }: Device,
  x: TensorInfo,
  from: From,
  reduced: readonly boolean[],
): From {
  const axes = x.shape.map((_, axis) => axis);
  const order = [...axes.filter((axis) => !reduced[axis]), ...axes.filter((axis) => reduced[axis])];
  const shape = order.map((axis) => x.shape[axis]!);
  const steps = stepsOf(x.shape);
  const to = allocateLike(from.length, x.dtype) as From;
  stridedCopy(addon, { from, to, shape, fromSteps: order.map((axis) => steps[axis]!), toSteps: stepsOf(shape) });
  return to;
}
