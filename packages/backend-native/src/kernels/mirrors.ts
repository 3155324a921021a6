import { slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

type Single = { x: TensorInfo };
type StridedSliceAttributes = {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
};

/** What walks backwards or in strides: reversals, mirrored borders, strided slices. In memory of their own. */
export function mirrorKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  /** Elements begin, begin + stride, … of every axis. */
  const picked = (
    x: TensorInfo,
    begin: readonly number[],
    strides: readonly number[],
    shape: readonly number[],
    as = shape,
  ) => {
    const from = values(x);
    if (!from || shape.length > 8) return undefined;
    const steps = stepsOf(x.shape);
    const to = allocateLike(sizeOf([...shape]), x.dtype);
    stridedCopy(addon, {
      from,
      to,
      shape,
      fromAt: begin.reduce((sum, at, axis) => sum + at * steps[axis]!, 0),
      fromSteps: steps.map((step, axis) => step * strides[axis]!),
      toSteps: stepsOf(shape),
    });
    return result(as, to, x.dtype);
  };
  const reversed = (x: TensorInfo, axes: readonly number[]) => {
    const begin = x.shape.map((side, axis) => (axes.includes(axis) ? side - 1 : 0));
    return picked(
      x,
      begin,
      x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
      x.shape,
    );
  };

  return {
    Reverse: kernel<Single, { dims: number | number[] }>(({ x }, { dims }) =>
      reversed(x, util.parseAxisParam(dims, x.shape)),
    ),
    FlipLeftRight: kernel<{ image: TensorInfo }>(({ image }) => reversed(image, [2])),
    StridedSlice: kernel<Single, StridedSliceAttributes>(({ x }, attributes) => {
      const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
      const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
      const slice = slice_util.sliceInfo(x.shape, begin, end, strides, ...masks);
      const shape = slice.begin.map((from, axis) =>
        Math.max(0, Math.ceil((slice.end[axis]! - from) / slice.strides[axis]!)),
      );
      return picked(x, slice.begin, slice.strides, shape, slice.finalShape);
    }),
    MirrorPad: kernel<Single, { paddings: [number, number][]; mode: "reflect" | "symmetric" }>(
      ({ x }, { paddings, mode }) => {
        const from = values(x);
        if (!from) return undefined;
        const shape = x.shape.map((side, axis) => side + paddings[axis]![0] + paddings[axis]![1]);
        const steps = stepsOf(shape);
        const to = allocateLike(sizeOf(shape), x.dtype);
        const before = paddings.map(([count]) => count);
        const at = (place: readonly number[]) => place.reduce((sum, index, axis) => sum + index * steps[axis]!, 0);
        stridedCopy(addon, { from, to, shape: x.shape, fromSteps: stepsOf(x.shape), toAt: at(before), toSteps: steps });
        const again = mode === "reflect" ? 0 : 1;
        // axis by axis: the border of an axis mirrors what the axes before it have completed
        x.shape.forEach((side, axis) => {
          const [first, last] = paddings[axis]!;
          const backwards = steps.map((step, each) => (each === axis ? -step : step));
          const band = (count: number) =>
            x.shape.map((own, each) => (each < axis ? shape[each]! : each > axis ? own : count));
          const corner = (index: number) =>
            at(before.map((own, each) => (each < axis ? 0 : each > axis ? own : index)));
          const mirrored = (count: number, source: number, target: number) =>
            stridedCopy(addon, {
              ...{ from: to, to, shape: band(count) },
              ...{ fromAt: corner(source), fromSteps: backwards, toAt: corner(target), toSteps: steps },
            });
          if (first > 0) mirrored(first, 2 * first - again, 0);
          if (last > 0) mirrored(last, first + side - 2 + again, first + side);
        });
        return result(shape, to, x.dtype);
      },
    ),
  };
}
