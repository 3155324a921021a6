import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf, stepsOf } from "../kernel";
import { blockKernels } from "./blocks";
import { joinKernels } from "./joins";
import { mirrorKernels } from "./mirrors";
import { sliceKernels } from "./slices";
import { stridedCopy } from "./strided-copy";

type Single = { x: TensorInfo };

/** Slices, joins, pads, transposes, tiles: all one strided copy. Results never share memory with inputs. */
export function movementKernels(device: Device): KernelTable {
  const { addon, values, allocateLike, result } = device;
  return {
    ...sliceKernels(device),
    ...joinKernels(device),
    ...mirrorKernels(device),
    ...blockKernels(device),
    Transpose: kernel<Single, { perm: number[] }>(({ x }, { perm }) => {
      const from = values(x);
      if (!from) return undefined;
      const shape = perm.map((axis) => x.shape[axis]!);
      const steps = stepsOf(x.shape);
      const to = allocateLike(from.length, x.dtype);
      stridedCopy(addon, { from, to, shape, fromSteps: perm.map((axis) => steps[axis]!), toSteps: stepsOf(shape) });
      return result(shape, to, x.dtype);
    }),
    PadV2: kernel<Single, { paddings: [number, number][]; constantValue: number }>(
      ({ x }, { paddings, constantValue }) => {
        const from = values(x);
        if (!from || paddings.some((pair) => pair.some((count) => count < 0))) return undefined;
        const shape = x.shape.map((side, axis) => side + paddings[axis]![0] + paddings[axis]![1]);
        const to = allocateLike(sizeOf(shape), x.dtype);
        const toSteps = stepsOf(shape);
        if (to instanceof Float32Array) addon.fill(to, constantValue);
        else to.fill(constantValue);
        const toAt = paddings.reduce((sum, [before], axis) => sum + before * toSteps[axis]!, 0);
        stridedCopy(addon, { from, to, shape: x.shape, fromSteps: stepsOf(x.shape), toAt, toSteps });
        return result(shape, to, x.dtype);
      },
    ),
    Tile: kernel<Single, { reps: number[] }>(({ x }, { reps }) => {
      const from = values(x);
      const repeated = reps.filter((count) => count !== 1).length;
      if (!from || x.shape.length + repeated > 8) return undefined;
      const shape = x.shape.map((side, axis) => side * reps[axis]!);
      const [fromSteps, toSteps] = [stepsOf(x.shape), stepsOf(shape)];
      const to = allocateLike(sizeOf(shape), x.dtype);
      stridedCopy(addon, {
        from,
        to,
        shape: x.shape.flatMap((side, axis) => (reps[axis] === 1 ? [side] : [reps[axis]!, side])),
        fromSteps: fromSteps.flatMap((step, axis) => (reps[axis] === 1 ? [step] : [0, step])),
        toSteps: toSteps.flatMap((step, axis) => (reps[axis] === 1 ? [step] : [step * x.shape[axis]!, step])),
      });
      return result(shape, to, x.dtype);
    }),
  };
}
