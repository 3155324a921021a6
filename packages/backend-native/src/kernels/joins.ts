import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

/** Concatenation and stacking. */
export function joinKernels({ addon, values, allocateLike, result }: Device): KernelTable {
  const joined = (parts: readonly TensorInfo[], axis: number): TensorInfo | undefined => {
    const { dtype } = parts[0]!;
    const arrays = parts.map(values);
    if (parts.some((part) => part.dtype !== dtype) || arrays.includes(undefined)) return undefined;
    const shape = backend_util.computeOutShape(
      parts.map((part) => part.shape),
      axis,
    );
    const to = allocateLike(sizeOf(shape), dtype);
    const toSteps = stepsOf(shape);
    let toAt = 0;
    parts.forEach((part, index) => {
      stridedCopy(addon, {
        from: arrays[index]!,
        to,
        shape: part.shape,
        fromSteps: stepsOf(part.shape),
        toAt,
        toSteps,
      });
      toAt += part.shape[axis]! * toSteps[axis]!;
    });
    return result(shape, to, dtype);
  };

  return {
    Concat: kernel<Record<string, TensorInfo>, { axis: number }>((inputs, { axis }) => {
      const all = Object.values(inputs);
      const [at] = util.parseAxisParam(axis, all[0]!.shape) as [number];
      backend_util.assertParamsConsistent(
        all.map((part) => part.shape),
        at,
      );
      const parts = all.filter((part) => sizeOf(part.shape) > 0);
      return parts.length > 0 ? joined(parts, at) : undefined;
    }),
    Pack: kernel<Record<string, TensorInfo>, { axis: number }>((inputs, { axis }) => {
      const parts = Object.values(inputs);
      const { shape } = parts[0]!;
      if (parts.some((part) => `${part.shape}` !== `${shape}`)) return undefined;
      const at = axis < 0 ? axis + shape.length + 1 : axis;
      return joined(
        parts.map((part) => ({ ...part, shape: [...shape.slice(0, at), 1, ...shape.slice(at)] })),
        at,
      );
    }),
  };
}
