import { LadError } from "@lad/core";
import { backend_util, type DataType, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device, Values } from "../device";
import { type KernelTable, kernel, sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

type Single = { x: TensorInfo };
type Pairs = [number, number][];

/** Blocks of pixels to channels or images, and back. */
export function blockKernels({ addon, values, allocateLike, recycle, result }: Device): KernelTable {
  const transposed = (from: Values, dtype: DataType, shape: readonly number[], order: readonly number[]): Values => {
    const steps = stepsOf(shape);
    const to = allocateLike(from.length, dtype);
    const turned = order.map((axis) => shape[axis]!);
    stridedCopy(addon, {
      from,
      to,
      shape: turned,
      fromSteps: order.map((axis) => steps[axis]!),
      toSteps: stepsOf(turned),
    });
    return to;
  };
  return {
    SpaceToBatchND: kernel<Single, { blockShape: number[]; paddings: Pairs }>(({ x }, { blockShape, paddings }) => {
      const from = values(x);
      if (!from || x.shape.length + blockShape.length > 8) return undefined;
      const around = x.shape.map((_, axis) => paddings[axis - 1] ?? [0, 0]) as Pairs;
      const shape = x.shape.map((side, axis) => side + around[axis]![0] + around[axis]![1]);
      const padded = allocateLike(sizeOf(shape), x.dtype).fill(0);
      const toSteps = stepsOf(shape);
      const toAt = around.reduce((sum, [before], axis) => sum + before * toSteps[axis]!, 0);
      stridedCopy(addon, { from, to: padded, shape: x.shape, fromSteps: stepsOf(x.shape), toAt, toSteps });
      const count = sizeOf(blockShape);
      const blocks = backend_util.getReshaped(shape, blockShape, count, false);
      const order = backend_util.getPermuted(blocks.length, blockShape.length, false);
      const made = backend_util.getReshapedPermuted(shape, blockShape, count, false);
      const y = transposed(padded, x.dtype, blocks, order);
      recycle(padded);
      return result(made, y, x.dtype);
    }),
    BatchToSpaceND: kernel<Single, { blockShape: number[]; crops: Pairs }>(({ x }, { blockShape, crops }) => {
      const from = values(x);
      if (!from || x.shape.length + blockShape.length > 8) return undefined;
      const count = sizeOf(blockShape);
      const blocks = backend_util.getReshaped(x.shape, blockShape, count);
      const whole = transposed(from, x.dtype, blocks, backend_util.getPermuted(blocks.length, blockShape.length));
      const shape = backend_util.getReshapedPermuted(x.shape, blockShape, count);
      const cut = shape.map((_, axis) => crops[axis - 1] ?? [0, 0]) as Pairs;
      const size = shape.map((side, axis) => side - cut[axis]![0] - cut[axis]![1]);
      const to = allocateLike(sizeOf(size), x.dtype);
      const fromSteps = stepsOf(shape);
      const fromAt = cut.reduce((sum, [before], axis) => sum + before * fromSteps[axis]!, 0);
      stridedCopy(addon, { from: whole, to, shape: size, fromAt, fromSteps, toSteps: stepsOf(size) });
      recycle(whole);
      return result(size, to, x.dtype);
    }),
    DepthToSpace: kernel<Single, { blockSize: number; dataFormat: string }>(({ x }, { blockSize, dataFormat }) => {
      const from = values(x);
      if (!from || dataFormat !== "NHWC") return undefined;
      const [batch, height, width, channels] = x.shape as [number, number, number, number];
      const depth = channels / blockSize ** 2;
      if (!Number.isInteger(depth))
        throw new LadError(
          "SHAPE_MISMATCH",
          `native DepthToSpace: x [${x.shape}] has no multiple of ${blockSize}² channels`,
        );
      const made = transposed(from, x.dtype, [batch, height, width, blockSize, blockSize, depth], [0, 1, 3, 2, 4, 5]);
      return result([batch, height * blockSize, width * blockSize, depth], made, x.dtype);
    }),
  };
}
